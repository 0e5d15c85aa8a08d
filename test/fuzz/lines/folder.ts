/** A folder with all that the command line may be pointed at. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  lstatSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { jsonDocument } from '../../../src/report/json-document.ts';
import { asDeclared } from '../../unit/report/sample-results.ts';
import { windowOfNone } from '../../unit/report/sample-window.ts';

const SOURCES = ['../../stress/strategies/', 'plug-ins/', '../../../examples/'].map(
  (folder) => new URL(folder, import.meta.url),
);
/** Plug-ins that are waited for, for seconds. */
const SLOW =
  /awaits-for-ever|spins|never-comes-back|never-unlocks|slow-load|exhausts|allocates|wears-out|retries/;

export interface Folder {
  readonly path: string;
  /** Absolute paths of plug-ins, whole and broken. */
  readonly plugIns: readonly string[];
  readonly slowPlugIns: readonly string[];
  /** Names of other files, each of them no plug-in or no result. */
  readonly files: readonly string[];
  /** Names of documents that commands have saved. */
  readonly documents: readonly string[];
  /** What has happened to it that should not have: see `inputsOf`. */
  readonly damage: () => readonly string[];
  readonly remove: () => void;
}

/** Makes the folder. */
export function fuzzFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'ebtorture-fuzz-'));
  const at = (name: string): string => join(path, name);
  const documents = ['run.json', 'window.json'];
  writeFileSync(at('run.json'), jsonDocument(asDeclared));
  writeFileSync(at('window.json'), jsonDocument(windowOfNone));
  writeFileSync(at('torn.json'), jsonDocument(asDeclared).slice(0, 1_000));
  writeFileSync(at('lacks.json'), jsonDocument({ schema: 'ebtorture.compare/1', arms: [{}] }));
  writeFileSync(at('schema.json'), '{"schema":"constructor","__proto__":{"schema":"toString"}}');
  writeFileSync(at('mutate.json'), '{"schema":"ebtorture.mutate/1","config":{"ladder":[]}}');
  writeFileSync(at('empty.json'), '');
  writeFileSync(at('binary.json'), Buffer.from([0, 255, 1, 254, 10]));
  writeFileSync(at('deep.json'), '['.repeat(200_000));
  writeFileSync(at('text'), 'root:x:0:0:root\n');
  writeFileSync(at('schedule.txt'), 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:a\n');
  writeFileSync(at('huge.json'), '');
  truncateSync(at('huge.json'), 300 * 2 ** 20);
  mkdirSync(at('folder'));
  mkdirSync(at('linux/fs/btrfs'), { recursive: true });
  writeFileSync(at('linux/Makefile'), 'VERSION = 7\nPATCHLEVEL = 4\nSUBLEVEL = 0\n');
  writeFileSync(at('linux/fs/btrfs/extent_io.c'), 'int extent_buffer_under_io(void)\n{\n\treturn 0;\n}\n');
  execFileSync('mkfifo', [at('pipe'), at('pipe.mjs')]);
  symlinkSync(at('nowhere'), at('dangling.json'));
  symlinkSync(at('loop'), at('loop'));
  symlinkSync(at('run.json'), at('soft.json'));
  linkSync(at('run.json'), at('hard.json'));
  writeFileSync(at('bad.mjs'), 'const a = 1;\nconst b = ;\n');
  writeFileSync(at('empty.mjs'), '');
  writeFileSync(at('huge.mjs'), '');
  truncateSync(at('huge.mjs'), 300 * 2 ** 20);
  writeFileSync(at('binary.mjs'), Buffer.from([0, 255, 1, 254, 10]));
  writeFileSync(at('#? %20"\'~ü.mjs'), 'export default (Base) => class extends Base {};\n');
  writeFileSync(at('a\nb\u202e.mjs'), 'export default 1;\n');
  writeFileSync(at('throws-symbol.mjs'), 'throw Symbol("s");\n');
  writeFileSync(at('throws-null.mjs'), 'export default () => { throw null; };\n');
  writeFileSync(at('proxy.mjs'), 'export default new Proxy(function () {}, {});\n');
  mkdirSync(at('folder.mjs'));
  symlinkSync('/dev/zero', at('zero.mjs'));
  for (const source of SOURCES) cpSync(source, path, { recursive: true });
  const others = readdirSync(path).filter((name) => !name.endsWith('.mjs') && !documents.includes(name));
  const all = readdirSync(path)
    .filter((name) => name.endsWith('.mjs'))
    .map(at);
  // Where plug-ins of the repository find the package.
  mkdirSync(at('node_modules'));
  symlinkSync(fileURLToPath(new URL('../../../', import.meta.url)), at('node_modules/ebtorture'));
  const plugIns = all.filter((name) => !SLOW.test(name));
  const before = inputsOf(path);
  return {
    path,
    plugIns: [...plugIns, ...plugIns.map((name) => pathToFileURL(name).href)],
    slowPlugIns: all.filter((name) => SLOW.test(name)),
    files: [
      ...others,
      '/dev/zero',
      '/dev/null',
      '/dev/full',
      '.',
      '..',
      '/',
      'none.json',
      'folder/',
      '/etc/passwd',
    ],
    documents,
    damage: () => {
      const now = inputsOf(path);
      const changed = [...before].filter(([name, hash]) => now.get(name) !== hash).map(([name]) => name);
      const left = [...now.keys()].filter((name) => name.endsWith('.tmp'));
      return [...changed, ...left];
    },
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Every file by its name, with what is in it. */
function inputsOf(path: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(path).map((name) => {
      const stat = lstatSync(join(path, name));
      const isRead = stat.isFile() && stat.size < 2 ** 20;
      const content = isRead ? readFileSync(join(path, name)) : `${stat.mode} ${stat.size}`;
      return [name, createHash('sha256').update(content).digest('hex')];
    }),
  );
}
