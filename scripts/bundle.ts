/**
 * The second half of `npm run build`: bundles what has to start fast or to run fast.
 *
 * - cli/main-any.js is the program: a dozen files instead of a hundred and thirty, yargs among them, which start some 50 ms
 *   sooner. The licenses of the packages taken in lie beside it. cli/main-explore.js is one file with all that `explore` needs,
 *   which starts another 60 ms sooner. cli/main.js chooses between the two.
 * - stress/actor/arm-runtime.js is loaded anew for each arm (see src/stress/actor/actor-loop.ts), so all of it, and not only its entry,
 *   must be a module of its own. stress/actor/actor.js is one file instead of forty, which a thread loads some 20 ms sooner.
 *   explore/search/search-worker.js is one, too. Constants are inlined in all three: a look-up of an imported one in every access
 *   of a trial costs a tenth of the throughput.
 * - The threads in which plug-ins are loaded and searched, and operations timed, are a few files instead of a hundred and fifty: a
 *   thread loads them in half of the time, and a comparison starts a handful for each strategy.
 *
 * Everything else in dist is what tsc made of the sources: the package's interface.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';

import { compileSchemas } from './schemas/compile.ts';

const path = (fromHere: string): string => fileURLToPath(new URL(fromHere, import.meta.url));
const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
} as const;
const sources = path('../src');
const cli = path('../dist/cli');

compileSchemas();
for (const file of ['validators.js', 'validators.d.ts']) {
  copyFileSync(path(`../src/schema/${file}`), path(`../dist/schema/${file}`));
}

await build({
  ...shared,
  entryPoints: [
    'stress/actor/actor.ts',
    'stress/actor/arm-runtime.ts',
    'stress/cpus/ping-thread.ts',
    'explore/search/search-worker.ts',
  ].map((entry) => path(`../src/${entry}`)),
  outdir: path('../dist'),
  outbase: sources,
});

/** A module in a bundle still knows its own place, from which it finds worker entries and package.json. */
const ownPlace: Plugin = {
  name: 'own-place',
  setup: (bundling) => {
    bundling.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const place = JSON.stringify(`../${relative(sources, file).replace(/\.ts$/, '.js')}`);
      const source = readFileSync(file, 'utf8');
      return {
        contents: source.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
        loader: 'ts',
      };
    });
  },
};

/** What only a large search needs stays in a place of its own. */
const threadsApart: Plugin = {
  name: 'threads-apart',
  setup: (bundling) => {
    bundling.onResolve({ filter: /\/search-threads\.ts$/ }, () => ({
      path: '../explore/search/search-threads.js',
      external: true,
    }));
  },
};

await build({
  ...shared,
  minifySyntax: false,
  entryPoints: [
    'catalog/scenario-thread.ts',
    'catalog/strategy-thread.ts',
    'study/mutate-worker.ts',
    'study/task-thread.ts',
  ].map((entry) => path(`../src/${entry}`)),
  outdir: path('../dist'),
  outbase: sources,
  splitting: true,
  chunkNames: 'threads/[name]-[hash]',
  external: ['piscina', 'tinybench'],
  plugins: [ownPlace, threadsApart],
});

for (const name of readdirSync(cli)) if (name !== 'main.js') rmSync(join(cli, name), { recursive: true });
const program = {
  ...shared,
  outdir: cli,
  // The explore engine reads the source of the model's methods.
  minifySyntax: false,
  metafile: true as const,
  // piscina starts threads from files of its own.
  external: ['piscina', 'tinybench'],
} satisfies BuildOptions;
const { metafile: exploreFile } = await build({
  ...program,
  entryPoints: [path('../src/cli/main-explore.ts')],
  plugins: [ownPlace, threadsApart],
});
const { metafile: anyFile } = await build({
  ...program,
  entryPoints: [path('../src/cli/main-any.ts')],
  splitting: true,
  plugins: [ownPlace],
  // What packages in CommonJS call to load Node's own modules.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
});
writeFileSync(join(cli, 'LICENSES.txt'), licenses([exploreFile, anyFile]));

// What the page of a report has in it stands beside its modules as it is.
for (const name of ['page.css', 'page-client.js']) {
  copyFileSync(path(`../src/report/page/${name}`), path(`../dist/report/page/${name}`));
}

/** The licenses of the packages whose files were taken in. */
function licenses(metafiles: readonly Metafile[]): string {
  const files = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const texts = [...packages].toSorted().map((directory) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- npm requires both of a package
    const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
    };
    const license = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'LICENSE-MIT.txt', 'license']
      .map((file) => join(directory, file))
      .find((file) => existsSync(file));
    if (license === undefined) throw new Error(`no license in ${directory}`);
    return `${name} ${version}\n\n${readFileSync(license, 'utf8').trim()}\n`;
  });
  return texts.join('\n');
}
