import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { commands } from '../../../src/cli/commands/registry.ts';
import { StrategyError } from '../../../src/fix/plug-in/load.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-usage-'));
writeFileSync(join(cwd, 'old.json'), 'old');
symlinkSync(join(cwd, 'nowhere'), join(cwd, 'dangling.json'));
mkdirSync(join(cwd, 'folder'));
execFileSync('mkfifo', [join(cwd, 'pipe')]);
writeFileSync(join(cwd, 'empty.json'), ' \n');
writeFileSync(join(cwd, 'binary.json'), Buffer.from([0, 255, 1, 254, 10]));
writeFileSync(join(cwd, 'fix.mjs'), 'export default (Base) => class extends Base {};\n');
writeFileSync(join(cwd, 'text'), 'root:x:0:0\n');
mkdirSync(join(cwd, 'folder.mjs'));
symlinkSync('/dev/zero', join(cwd, 'zero.mjs'));
linkSync(join(cwd, 'old.json'), join(cwd, 'hard.json'));
symlinkSync(join(cwd, 'fix.mjs'), join(cwd, 'soft.json'));
const files = readdirSync(cwd);
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

/** A schedule of the race. */
const WITNESS = 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:a';

/** Command lines, and the one line each of them gets. */
const cases: readonly (readonly [string, string | RegExp])[] = [
  ['--pages 0', '--pages: expected an integer from 1 to 16, got 0'],
  ['--pages=', "--pages: expected an integer from 1 to 16, got ''"],
  ['--pages', '--pages: needs a value'],
  ['--pages --json', '--pages: needs a value'],
  ['--pages 1 --pages 2', '--pages: is given 2 times; give it once'],
  ['--stride 0', '--stride: expected an integer from 1 to 65,536, got 0'],
  ['--stride 65537', '--stride: expected an integer from 1 to 65,536, got 65537'],
  ['--worlds 127', '--worlds: expected an integer from 128 to 16,777,216, got 127'],
  ['--stride 100 --worlds 199', '--worlds: expected an integer from 200 to 16,777,216, got 199'],
  ['--worlds 16777217', '--worlds: expected an integer from 128 to 16,777,216, got 16777217'],
  ['--seed -1', '--seed: expected an integer from 0 to 4,294,967,295, got -1'],
  ['--seed 4294967296', '--seed: expected an integer from 0 to 4,294,967,295, got 4294967296'],
  ['--duration banana', /^--duration: expected a time from 100ms to 30d, .*, got 'banana'$/],
  ['--trials 0', /^--trials: expected a whole number of trials .*, got 0$/],
  ['--until settled', "--until: unknown condition 'settled' (known: decided, violation)"],
  ['--until decided --trials 5', '--until decided and --trials: give only one of the two'],
  ['--fold 1', '--fold: expected an integer from 2 to 1,000,000,000, got 1'],
  ['--fold 1.5', '--fold: expected an integer from 2 to 1,000,000,000, got 1.5'],
  ['--jitter 1us', "--jitter: expected an integer from 0 to 1,000,000, got '1us'"],
  ['--stall 0.5', '--stall: expected a probability from 0 to 0.01, got 0.5'],
  ['--stall 0.001 --stall-max 5', '--stall-max: expected an integer from 2,000 to 10,000,000, got 5'],
  ['--stall-max 5000', '--stall-max: needs --stall beside it'],
  ['--trials 5 --duration 1s', '--duration and --trials: give only one of the two'],
  ['--trylock-fail 2', '--trylock-fail: expected a probability from 0 to 1, got 2'],
  ['--read-fail -1', '--read-fail: expected a probability from 0 to 1, got -1'],
  ['--read-fail 0.1', '--read-fail: no actor completes reads; add one to --actors, such as end-io=1'],
  ['--setup-fail 2', '--setup-fail: expected a probability from 0 to 1, got 2'],
  ['--scenario x', /^--scenario: unknown scenario 'x' \(known: readahead-vs-releasepage, /],
  ['--start warm', "--start: unknown start state 'warm' (known: primed, cold)"],
  ['--start prime', "--start: unknown start state 'prime'; did you mean primed? (known: primed, cold)"],
  ['--strategy upsteam', /^--strategy: unknown strategy 'upsteam'; did you mean upstream\? \(known: none, /],
  ['--strategies none,upsteam', /^--strategies: unknown strategy 'upsteam'; did you mean upstream\?/],
  ['--strategies none,', "--strategies: expected a list such as none,upstream, got 'none,'"],
  ['--strategies none,none', "--strategies: 'none' is given twice"],
  ['--strategies all,none', "--strategies: 'none' is given twice"],
  ['--strategies ./no.mjs', /^--strategies: no such file '\.\/no\.mjs'; /],
  ['stress --strategy no.ts', /^--strategy: no such file 'no\.ts'; /],
  ['stress --strategy none,upstream', /^--strategy: unknown strategy 'none,upstream'/],
  ['stress --strategies none', "unknown option '--strategies'; did you mean --strategy?"],
  ['--no-control', /^unknown option '--no-control'/],
  ['--actors finder=1', /^--actors: a race needs at least two actors, /],
  ['--actors finder=16,reclaim=1', /^--actors: 17 actors are too many: /],
  ['--actors read=1,reclaim=1', /^--actors: actor 'read' waits for its read: /],
  ['--actors finder=2,reclaimer=1', /^--actors: unknown actor 'reclaimer'; did you mean reclaim\?/],
  ['--delay find:reff=1', /^--delay: unknown point 'find:reff'; did you mean find:ref\?/],
  ['--delay find:ref=1 --delay find:ref=2', "--delay: 'find:ref' is given twice"],
  ['--trails 5', "unknown option '--trails'; did you mean --trials?"],
  ['-x', "unknown option '-x'"],
  ['--json=yes', "--json: takes no value, got 'yes'"],
  ['--no-json', /^unknown option '--no-json'/],
  [
    'strss',
    "unknown command 'strss'; did you mean stress? (known: compare, stress, window, explore, replay, export, explain, mutate, history, hunt, merge, report, diff, cpus, drift, list, completion)",
  ],
  ['window --points 0', '--points: expected an integer from 8 to 256, got 0'],
  ['window --points 257', '--points: expected an integer from 8 to 256, got 257'],
  ['window --points many', "--points: expected an integer from 8 to 256, got 'many'"],
  ['window --range 0', /^--range: expected offsets in ns such as 500 or -200\.\.600, .*, got 0$/],
  ['window --range 5', /^--range: expected offsets in ns .* at least 20 apart, .*, got 5$/],
  ['window --range=600..-200', /^--range: expected offsets in ns .*, got '600\.\.-200'$/],
  ['window --range=0..100001', /^--range: expected offsets in ns .* up to 100,000, got '0\.\.100001'$/],
  ['window --range wide', /^--range: expected offsets in ns .*, got 'wide'$/],
  ['window --trials-per-point 0', /^--trials-per-point: expected a whole number of trials .*, got 0$/],
  [
    'window --trials-per-point 5 --duration 1s',
    '--duration and --trials-per-point: give only one of the two',
  ],
  ['window --duration 0s', /^--duration: expected a time from 100ms to 30d, .*, got '0s'$/],
  ['window --strategy upsteam', /^--strategy: unknown strategy 'upsteam'; did you mean upstream\?/],
  ['window --stride 2', /^unknown option '--stride'/],
  ['--offset far', "--offset: expected whole ns from -100,000 to 100,000, got 'far'"],
  ['--offset 1.5', '--offset: expected whole ns from -100,000 to 100,000, got 1.5'],
  ['--offset=-100001', '--offset: expected whole ns from -100,000 to 100,000, got -100001'],
  ['--offset 5 --tune', '--tune and --offset: give only one of the two'],
  ['--profile --tune', '--tune and --profile: give only one of the two'],
  ['--last-toucher finder', '--last-toucher: needs an --offset'],
  ['--offset 5 --last-toucher find', /^--last-toucher: unknown actor 'find' \(known: finder, reclaim\)$/],
  ['--offset 5 --stride 4', /^--stride: has no meaning with --offset, /],
  ['--offset 5 --profile', '--offset and --profile: give only one of the two'],
  ['--tune=yes', "--tune: takes no value, got 'yes'"],
  ['stress now', "stress: expected a litmus test (NAME.litmus), got 'now'"],
  ['window now', "window: unexpected argument 'now'"],
  ['list points more', "list: unexpected argument 'more'"],
  ['list point', /^list: unknown topic 'point'; did you mean points\?/],
  ['list --pages 4', "unknown option '--pages'"],
  ['--out=', "--out: expected a file name, got ''"],
  ['--out -', /^--out: expected a file name, got '-'; /],
  ['--out .', "--out: '.' is a directory; give a file name"],
  ['--out new/', "--out: 'new/' is a directory; give a file name"],
  ['--out no/run.json', /^--out: cannot write in '.*\/no': no such file or directory \(ENOENT\)$/],
  ['--out old.json/run.json', /^--out: .*ENOTDIR/],
  ['--out /dev/null', "--out: '/dev/null' is no regular file, and would be replaced by one"],
  ['--out dangling.json', /^--out: cannot save to 'dangling.json': .*link to nothing$/],
  [`--out ${'n'.repeat(250)}`, /^--out: .*ENAMETOOLONG/],
  ['--out pipe', "--out: 'pipe' is no regular file, and would be replaced by one"],
  ['--out /dev/stdout', "--out: '/dev/stdout' is no regular file; --json prints to stdout"],
  ['--out /dev/fd/2', "--out: '/dev/fd/2' is no regular file; --json prints to stdout"],
  ['stress --strategy ./fix.mjs --out ./fix.mjs', /^--out: would overwrite '.*\/fix\.mjs', which is read; /],
  ['--strategies none,./fix.mjs --out soft.json', /^--out: would overwrite '.*\/fix\.mjs', which is read; /],
  ['window --strategy ./fix.mjs --out soft.json', /^--out: would overwrite /],
  ['explain --strategy ./fix.mjs --out soft.json', /^--out: would overwrite /],
  ['explore --strategy ./fix.mjs --out soft.json', /^--out: would overwrite /],
  [`replay text --strategy none --out hard.json`, /^replay: no schedule: expected eb1:/],
  [`replay ${WITNESS} --strategy ./fix.mjs --out soft.json`, /^--out: would overwrite /],
  ['mutate --strategy ./fix.mjs --out soft.json', /^--out: would overwrite /],
  ['--strategies none,./folder.mjs', /^--strategies: '\.\/folder\.mjs' is a directory; /],
  ['stress --strategy ./pipe', /^--strategy: '\.\/pipe' is no regular file; /],
  ['stress --strategy ./zero.mjs', /^--strategy: '\.\/zero\.mjs' is no regular file; /],
  [
    'stress --strategy ./text',
    "--strategy: './text' is no module; its name must end with .mjs, .js, .cjs, .mts, .ts or .cts",
  ],
  ['explore --strategy ./text', /^--strategy: '\.\/text' is no module; /],
  [
    `explore --strategy ${'d/'.repeat(5_000)}x.mjs`,
    /^--strategy: cannot read '.{400}\.\.\.': .*\(ENAMETOOLONG\)$/,
  ],
  ['explore --strategy ./old.json/x.mjs', /^--strategy: cannot read .*\(ENOTDIR\)$/],
  ['explore --strategy file:./fix.mjs', /^--strategy: 'file:\.\/fix\.mjs' is no absolute file URL; /],
  ['explore --strategy file://elsewhere/fix.mjs', /^--strategy: 'file:.*' is no file URL: /],
  ['explore --strategy file:///no%2Ffix.mjs', /^--strategy: 'file:.*' is no file URL: /],
  ['explore --strategy file:///no/fix.mjs', /^--strategy: no such file '\/no\/fix\.mjs'; /],
  ...['folder', 'pipe', '/dev/zero', 'empty.json', 'none.json', 'n'.repeat(300)].flatMap((file) => {
    const why =
      / (?:is a directory|is no regular file|is empty|line 1 is no JSON object)|cannot read .* \((?:ENOENT|ENAMETOOLONG)\)$/;
    const lines: (readonly [string, RegExp])[] = [
      [`report ${file}`, why],
      [`mutate --resume ${file}`, why],
    ];
    // What is no file is a schedule.
    if (!file.startsWith('n')) lines.push([`replay ${file}`, why]);
    return lines;
  }),
  ['report binary.json', "report: 'binary.json': no whole JSON document; give a file that --out has saved"],
  ['mutate --resume binary.json', /^--resume: 'binary\.json': (?:line 1 is no|it has no whole line)/],
  ['replay binary.json', /^replay: no schedule: expected eb1:/],
];

/** Names that every object has: none of them is an option or a value. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

const inherited = INHERITED.flatMap((name): readonly (readonly [string, RegExp])[] => [
  ...commands.flatMap(({ name: command }) =>
    [`--${name}=x`, `--${name}`, `--${name} x`, `--no-${name}`].map(
      (option) => [`${command} ${option}`, /^unknown option '--[\w-]+'(; did you mean .*)?$/] as const,
    ),
  ),
  [name, /^unknown command '\w+'/],
  [`--strategies ${name}`, /^--strategies: unknown strategy '\w+'/],
  [`explore --strategy ${name}`, /^--strategy: unknown strategy '\w+'/],
  [`mutate --strategy ${name}`, /^--strategy: unknown strategy '\w+'/],
  [`--scenario ${name}`, /^--scenario: unknown scenario '\w+'/],
  [`--start ${name}`, /^--start: unknown start state '\w+'/],
  [`--actors ${name}=1`, /^--actors: unknown actor '\w+'/],
  [`--delay ${name}=5`, /^--delay: unknown point '\w+'/],
  [`--until ${name}`, /^--until: unknown condition '\w+'/],
  [`--offset 5 --last-toucher ${name}`, /^--last-toucher: unknown actor '\w+'/],
  [`explore --scheduler ${name}`, /^--scheduler: unknown scheduler '\w+'/],
  [`list ${name}`, /^list: unknown topic '\w+'/],
  [`replay eb1:${name}:primed:none:finder=1,reclaim=1:p1:a`, /^replay: unknown scenario '\w+'/],
  [`replay ${WITNESS.replace(':none:', `:${name}:`)}`, /^--strategy: unknown strategy '\w+'/],
  [`replay ${WITNESS.replace('finder', name)}`, /^replay: .*'\w+'/],
  [`explore --strategy upstream~${name}/${name}.x/${name}`, /^--strategy: unknown change '\w+'/],
  [`explore --strategy upstream~${name}/${name}.x/drop`, /^--strategy: unknown access '\w+'/],
  [`explore --strategy upstream~x/atomic_inc.${name}/drop`, /^--strategy: unknown field '\w+'/],
]);

describe('completion', () => {
  it.each(INHERITED)('offers nothing behind %s', async (word) => {
    const io = fakeIo({ cwd });

    expect(await run(['--get-yargs-completions', 'ebtorture', word, ''], io, fakeEngine())).toBe(0);
    expect(io.err()).toBe('');
  });
});

describe('bad input', () => {
  it.each([...cases, ...inherited])('%s', async (line, expected) => {
    const io = fakeIo({ cwd, isTTY: true });
    const engine = fakeEngine();

    const status = await run(line.split(' '), io, engine);

    expect(status).toBe(64);
    expect(io.out()).toBe('');
    const [first = '', ...rest] = io.err().split('\n');
    expect(rest).toEqual(['']);
    expect(first).toMatch(/^ebtorture: /);
    const message = first.slice('ebtorture: '.length);
    expect(message).toMatch(typeof expected === 'string' ? literally(expected) : expected);
    expect([...engine.compared, ...engine.stressed, ...engine.profiled]).toEqual([]);
    expect(readdirSync(cwd)).toEqual(files);
  });

  it('stays on one line when the value does not', async () => {
    const io = fakeIo();

    expect(await run(['--pages', '1\n2'], io, fakeEngine())).toBe(64);
    expect(io.err()).toBe("ebtorture: --pages: expected an integer from 1 to 16, got '1\\u{a}2'\n");
  });

  it.each([
    ['a setting that cannot be', new RangeError('--worlds: too many')],
    ['a plug-in that is none', new StrategyError('--worlds: too many')],
  ])('is also what the engine refuses: %s', async (_what, error) => {
    const io = fakeIo();
    const engine = fakeEngine({ compare: () => Promise.reject(error) });

    expect(await run([], io, engine)).toBe(64);
    expect(io.err()).toBe('ebtorture: --worlds: too many\n');
    expect(io.out()).toBe('');
  });
});

function literally(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
}
