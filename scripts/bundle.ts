/**
 * The second half of `npm run build`: bundles what worker threads load.
 *
 * arm-runtime.js is loaded anew for each arm (see src/stress/actor-loop.ts), so all of it, and not only its entry, must be a
 * module of its own. actor.js is one file instead of forty, which a thread loads some 20 ms sooner. Constants are inlined in
 * both: a look-up of an imported one in every access of a trial costs a tenth of the throughput.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

await build({
  entryPoints: [path('../src/stress/actor.ts'), path('../src/stress/arm-runtime.ts')],
  outdir: path('../dist/stress'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
});
