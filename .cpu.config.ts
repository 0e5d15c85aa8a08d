import config from './vitest.config.ts';
for (const p of config.test.projects) p.test.setupFiles = ['/tmp/wt-tests/.cpu.setup.mjs'];
export default config;
