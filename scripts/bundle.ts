/**
 * The second half of `npm run build`: bundles what the threads load anew for each arm (src/stress/arm-runtime.ts) into one
 * module, so that all of it, and not only its entry, is a copy of its own.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

await build({
  entryPoints: [path('../src/stress/arm-runtime.ts')],
  outfile: path('../dist/stress/arm-runtime.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
});
