/**
 * Checks that dependencies under src point downward only. Works on source text, so it can be tested on planted files: it
 * reads the specifier of every static import and re-export, `import('...')` and `new URL('...', import.meta.url)`. A
 * specifier computed at run time is out of its sight.
 */
import { posix } from 'node:path';

/** The directories under src, lowest layer first. */
export const layers: readonly string[] = [
  'schema',
  'memory',
  'model',
  'fix',
  'scenario',
  'subject',
  'catalog',
  'stats',
  'explore',
  'stress',
  'study',
  'report',
  'api',
  'cli',
];

/**
 * The rooms of the large layers, lowest first. A file in a room may import those of its own and of the rooms below it; one that
 * lies in no room stands above them all.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  explore: ['program', 'machine', 'schedule', 'reduce', 'search', 'witness', 'explain', 'litmus'],
  stress: [
    'compiled',
    'topology',
    'plan',
    'host',
    'actor',
    'cpus',
    'session',
    'result',
    'tune',
    'run',
    'window',
  ],
};

/** The one module outside every layer; it may import all of them and nobody imports it. */
const facade = 'src/index.ts';

interface Import {
  readonly specifier: string;
  /** The whole statement is `import type` or `export type`, so nothing of it is left at run time. */
  readonly isTypeOnly: boolean;
}

/** Matches strings before comments, so that `//` inside a string does not start a comment. */
const stringOrComment =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const staticImport = /\b(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+\sfrom\s*)?['"]([^'"\n]+)['"]/g;
const dynamicImport = /\bimport\(\s*(['"`])(.+?)\1/g;
/** A `new URL` of a module; one of a data file is no import. */
const moduleUrl = /\bnew URL\(\s*(['"`])(.+?\.(?:ts|js|\$\{.+?\}))\1\s*,\s*import\.meta\.url/g;

function importsOf(source: string): readonly Import[] {
  const code = source.replaceAll(stringOrComment, (match) => (match.startsWith('/') ? ' ' : match));
  return [
    ...Array.from(code.matchAll(staticImport), ([, type, specifier = '']) => ({
      specifier,
      isTypeOnly: type !== undefined,
    })),
    ...[...code.matchAll(dynamicImport), ...code.matchAll(moduleUrl)].map(([, , specifier = '']) => ({
      specifier,
      isTypeOnly: false,
    })),
  ];
}

/** The layer of a file, or undefined for one that lies directly in src or under an unknown directory. */
function layerOf(file: string): string | undefined {
  const [, directory, ...rest] = file.split('/');
  return rest.length > 0 && directory !== undefined && layers.includes(directory) ? directory : undefined;
}

/** How high a file lies in its layer: the place of its room; above them all outside of rooms. */
function floorOf(file: string, layer: string): number {
  const known = rooms[layer] ?? [];
  const room = known.indexOf(file.split('/')[2] ?? '');
  return room === -1 ? known.length : room;
}

/** Says why layer `from` must not import layer `to`, or undefined when it may. */
function objection(from: string, to: string, isTypeOnly: boolean): string | undefined {
  if (from === to) return undefined;
  if (from === 'stats') return 'stats imports no other layer';
  if (layers.indexOf(to) > layers.indexOf(from)) return `${to} lies above ${from}`;
  if (to === 'subject' && from !== 'catalog') return 'only the catalog knows which subjects there are';
  const isEngine = to === 'stress' || to === 'explore';
  const isRunning = isEngine || to === 'study';
  if (from === 'stress' && isEngine) return 'the two engines never import each other';
  if (from === 'report' && isRunning && !isTypeOnly)
    return `report takes only types from ${to} (import type)`;
  return undefined;
}

/**
 * Returns one sentence per broken rule, none when the layering holds.
 *
 * @param sources Source text by path relative to the project, with forward slashes: `src/model/tree.ts`.
 */
export function layerViolations(sources: ReadonlyMap<string, string>): readonly string[] {
  const violations: string[] = [];
  for (const [file, source] of sources) {
    if (file === facade) continue;
    const from = layerOf(file);
    if (from === undefined) {
      violations.push(`${file}: lies in no known layer (${layers.join(', ')})`);
      continue;
    }
    for (const { specifier, isTypeOnly } of importsOf(source)) {
      const isSelf = specifier === 'ebtorture';
      if (!isSelf && !specifier.startsWith('.')) continue;
      const target = isSelf ? facade : posix.join(posix.dirname(file), specifier);
      const to = layerOf(target);
      const why =
        to === undefined || !target.startsWith('src/')
          ? `${target} belongs to no layer`
          : from === to && floorOf(target, to) > floorOf(file, from)
            ? `${target} lies in a room above`
            : objection(from, to, isTypeOnly);
      if (why !== undefined) violations.push(`${file} imports '${specifier}': ${why}`);
    }
  }
  return violations;
}

/**
 * Circles of modules, types included: the files of each, sorted.
 *
 * @param sources As of `layerViolations`.
 */
export function circles(sources: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const imported = new Map<string, readonly string[]>();
  for (const [file, source] of sources) {
    const targets = importsOf(source).map(({ specifier }) => posix.join(posix.dirname(file), specifier));
    imported.set(
      file,
      targets.filter((target) => sources.has(target)),
    );
  }
  const reach = new Map([...imported.keys()].map((file) => [file, reached(imported, file)]));
  const found = new Map<string, readonly string[]>();
  for (const [file, targets] of reach) {
    if (!targets.has(file)) continue;
    const circle = [...targets].filter((target) => reach.get(target)?.has(file) === true).toSorted();
    found.set(circle.join(), circle);
  }
  return [...found.values()];
}

/** What a file imports, and what that imports, and so on. */
function reached(imported: ReadonlyMap<string, readonly string[]>, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...(imported.get(from) ?? [])];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    open.push(...(imported.get(file) ?? []));
  }
  return seen;
}
