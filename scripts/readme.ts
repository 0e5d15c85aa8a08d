/**
 * `npm run readme`: runs every command of README.md anew and puts its real output beside it.
 *
 * A block fenced as `console` whose first line is `$ ebtorture ...` is run with the built program; what follows that line
 * is replaced by what it printed. Run it on an idle machine.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const README = new URL('../README.md', import.meta.url);
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const BLOCK = /```console\n\$ ebtorture(?<args>[^\n]*)\n[\s\S]*?```/g;

const text = readFileSync(README, 'utf8').replaceAll(BLOCK, (_block: string, args: string) => {
  process.stderr.write(`ebtorture${args}\n`);
  const { stdout, status, error } = spawnSync(process.execPath, [MAIN, ...args.split(' ').filter(Boolean)], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status === null || status > 2) throw new Error(`ebtorture${args}: status ${status}`);
  return `\`\`\`console\n$ ebtorture${args}\n${stdout}\`\`\``;
});
writeFileSync(README, text);
