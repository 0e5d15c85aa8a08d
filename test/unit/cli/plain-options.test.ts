import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/command-line.ts';
import { loaders } from '../../../src/cli/commands/loaders.ts';
import { commands } from '../../../src/cli/commands/registry.ts';
import { plainCommandLine } from '../../../src/cli/plain-command-line.ts';
import { plainOptions } from '../../../src/cli/plain-options.ts';

const VALUES = ['upstream', './fix.mjs', 'finder=3,reclaim=1', 'find:ref=200', '1e6', '0.3', '10s', '007'];
/** What yargs reads something of its own into, or what is wrong. */
const ODD = [
  '-1',
  '--',
  '',
  ' ',
  '"quoted"',
  "'q'",
  'true',
  'false',
  '-h',
  '--help',
  '--version',
  'extra',
  '--no-json',
];

const optionNames = [...new Set(commands.flatMap(({ options }) => options.map(({ name }) => name)))];
const option = fc.constantFrom(...optionNames, 'strategies', 'nonsense').map((name) => `--${name}`);
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  fc.constantFrom(...ODD),
  fc.string(),
);
const words = fc.array(
  fc.oneof(
    option.map((name) => [name]),
    fc.tuple(option, value),
    fc.tuple(option, value).map(([name, text]) => [`${name}=${text}`]),
    value.map((text) => [text]),
  ),
  { maxLength: 5 },
);

describe('plainOptions', () => {
  it.each(commands.map(({ name }) => name))('is what yargs makes of %s', (name) => {
    const command = commands.find((candidate) => candidate.name === name);
    if (command === undefined) throw new Error('no command');
    let plain = 0;
    fc.assert(
      fc.property(words, (parts) => {
        const behind = parts.flat();
        const options = plainOptions(behind, command);
        if (options === undefined) return;
        plain++;
        const parsed = parseCommandLine([name, ...behind]);
        if (parsed.kind !== 'command') throw new Error('yargs took it for something else');
        expect(parsed.command).toBe(command);
        const { args } = parsed;
        const found = command.options.flatMap(({ name: own, kind }): [string, unknown][] => {
          if (kind === 'flag') return args.flag(own) ? [[own, true]] : [];
          return args.list(own).map((text) => [own, text]);
        });
        expect(Object.fromEntries(found)).toEqual(options);
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(plain).toBeGreaterThan(0);
  });

  it('takes options with their values', () => {
    const command = { options: commands.flatMap(({ options }) => options) };

    expect(plainOptions(['--strategy', 'none', '--pages=2', '--json'], command)).toEqual({
      strategy: 'none',
      pages: '2',
      json: true,
    });
  });

  it.each([
    ['an unknown option', ['--nonsense']],
    ['an option twice', ['--pages', '1', '--pages', '2']],
    ['a flag with a value', ['--json=1']],
    ['a flag with a word behind it', ['--json', 'true']],
    ['a missing value', ['--pages']],
    ['an empty value', ['--pages=']],
    ['a value that begins with a dash', ['--pages', '-1']],
    ['a quoted value', ['--pages', '"1"']],
    ['help', ['--help']],
    ['a name that objects have', ['--constructor', '1']],
  ])('leaves %s to yargs', (_what, argv) => {
    expect(plainOptions(argv, { options: commands.flatMap(({ options }) => options) })).toBeUndefined();
  });
});

describe('plainCommandLine', () => {
  it('knows the commands that have options', async () => {
    for (const [name, load] of loaders) expect((await load()).name).toBe(name);
    const withOptions = commands.filter(({ options }) => options.length > 0).map(({ name }) => name);

    expect([...loaders.keys()].toSorted()).toEqual(withOptions.toSorted());
  });

  it('gives the command with its arguments', async () => {
    const plain = await plainCommandLine(['explore', '--pages', '1']);

    expect(plain?.command.name).toBe('explore');
    expect(plain?.args.text('pages')).toBe('1');
  });

  it.each([[[]], [['--help']], [['nonsense']], [['list', 'points']], [['explore', '-h']]])(
    'leaves %j to yargs',
    async (argv) => {
      expect(await plainCommandLine(argv)).toBeUndefined();
    },
  );
});
