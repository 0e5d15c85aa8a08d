/**
 * `npm run readme`: runs every command of README.md, docs/ and examples/README.md anew and puts its real output beside it.
 *
 * A block fenced as `console` whose first line is `$ ebtorture ...` is run with the built program, in bash and in a directory
 * that has the modules README shows; what follows that line is replaced by what it printed. Run it on an idle machine. A module
 * that is one of the examples is shown as it stands there. `npm run readme -- docs/fixes.md` does all that for one text.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Paths of texts, in the project; all of them without any. */
const ONLY = process.argv.slice(2);
const DOCS = new URL('../docs/', import.meta.url);
const TEXTS = [
  new URL('../README.md', import.meta.url),
  ...readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => new URL(name, DOCS)),
  new URL('../examples/README.md', import.meta.url),
].filter(({ pathname }) => ONLY.length === 0 || ONLY.some((path) => pathname.endsWith(`/${path}`)));
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const COMMAND = /```console\n\$ (?<line>ebtorture[^\n]*)\n[\s\S]*?```/g;
const MODULE = /```js\n(?<text>\/\/ (?<name>[\w-]+\.mjs)\n[\s\S]*?)```/g;

/** A text with the modules that it shows as they are. */
function withModules(text: string): string {
  return text.replaceAll(MODULE, (block: string, ...[, name = '']: string[]) => {
    const example = new URL(`../examples/${name}`, import.meta.url);
    return existsSync(example) ? `\`\`\`js\n${readFileSync(example, 'utf8')}\`\`\`` : block;
  });
}

/** The same with what its commands print in a directory that has the modules. */
function withOutputs(text: string, cwd: string): string {
  for (const { groups } of text.matchAll(MODULE))
    writeFileSync(join(cwd, groups?.['name'] ?? ''), groups?.['text'] ?? '');
  return text.replaceAll(COMMAND, (_block: string, line: string) => {
    process.stderr.write(`${line}\n`);
    const script = `set -o pipefail; ebtorture() { '${process.execPath}' '${MAIN}' "$@"; }; ${line}`;
    const { stdout, status, error } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' });
    if (error !== undefined) throw error;
    if (status === null || status > 2) throw new Error(`${line}: status ${status}`);
    return `\`\`\`console\n$ ${line}\n${stdout}\`\`\``;
  });
}

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-readme-'));
try {
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(fileURLToPath(new URL('..', import.meta.url)), join(cwd, 'node_modules/ebtorture'));
  for (const text of TEXTS) writeFileSync(text, withOutputs(withModules(readFileSync(text, 'utf8')), cwd));
} finally {
  rmSync(cwd, { recursive: true });
}
