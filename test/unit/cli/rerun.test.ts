import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { compare } from '../../../src/cli/commands/compare.ts';
import { explain } from '../../../src/cli/commands/explain.ts';
import { stress } from '../../../src/cli/commands/stress.ts';
import { window } from '../../../src/cli/commands/window.ts';
import { POINTS } from '../../../src/subject/extent-buffer/v5.7/point.ts';
import { addScenario } from '../../../src/catalog/registry.ts';
import { rerunCommand } from '../../../src/report/rerun-command.ts';
import { placesConfig } from '../../../src/stress/plan/places-config.ts';
import { HarnessError } from '../../../src/stress/plan/harness-error.ts';
import { twoKernels } from '../../helpers/two-kernels.ts';
import { asDeclared } from '../report/sample-results.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-rerun-'));
writeFileSync(join(cwd, 'my fix.mjs'), '');
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

addScenario(twoKernels);

/** What the engine is asked for by a command line, and the command that it is then told to run again. */
async function refused(
  argv: readonly string[],
): Promise<{ readonly options: unknown; readonly rerun: string[] }> {
  let seen: unknown;
  const refuse = (options: object): never => {
    const {
      signal: _signal,
      onProgress: _onProgress,
      onMemory: _onMemory,
      onNotice: _onNotice,
      ...rest
    } = {
      signal: null,
      onProgress: null,
      onMemory: null,
      onNotice: null,
      ...options,
    };
    seen = rest;
    throw new HarnessError('ERR_ACTOR_CRASHED', 'planted');
  };
  const io = fakeIo({ cwd });
  const engine = {
    ...fakeEngine({ compare: refuse, stress: refuse, agree: refuse, explain: refuse }),
    window: refuse,
  };
  expect(await run(argv, io, engine)).toBe(70);
  return { options: seen, rerun: shellWords(io.err().slice(io.err().indexOf('  ebtorture '))).slice(1) };
}

/** A value that no option has by default, with what it needs beside it; a flag has none. */
const OTHER: Readonly<Record<string, readonly string[]>> = {
  scenario: ['two-kernels'],
  kernel: ['1.2', '--scenario', 'two-kernels'],
  strategies: ['none,bio-ref'],
  strategy: ['early-check'],
  start: ['cold'],
  actors: ['finder=2,reclaim=2'],
  pages: ['3'],
  ordering: ['x86'],
  'read-fail': ['0.25', '--actors', 'finder=1,reclaim=1,end-io=1'],
  'setup-fail': ['0.25'],
  duration: ['7s'],
  trials: ['70k'],
  until: ['decided'],
  fold: ['77'],
  starts: ['4'],
  seed: ['7'],
  shard: ['2/4'],
  instances: ['3'],
  placement: ['0,8;1,9'],
  worlds: ['1024'],
  stride: ['16'],
  'trylock-fail': ['0.25'],
  delay: ['find:ref=200'],
  jitter: ['70'],
  stall: ['0.001'],
  'stall-max': ['9000', '--stall', '0.001'],
  offset: ['35'],
  'last-toucher': ['reclaim', '--offset', '35'],
  tune: [],
  profile: [],
  agree: [],
  orderings: [],
  'no-prove': [],
  'no-cost': ['--strategies', 'none,upstream'],
  'no-control': [],
  range: ['-100..300'],
  points: ['77'],
  'trials-per-point': ['7k'],
};
/** Where the result goes is asked for anew. */
const NOT_REPEATED = new Set(['json', 'out', 'quiet', 'resume', 'brief']);

const cases = [compare, stress, explain, window].flatMap(({ name: command, options }) =>
  options.filter(({ name }) => !NOT_REPEATED.has(name)).map(({ name }) => [command, name] as const),
);

describe('every option of a command is in the command to run it again', () => {
  it.each(cases)('%s --%s', async (command, option) => {
    const value = OTHER[option];
    if (value === undefined) throw new Error(`no value to try --${option} with`);
    const argv = [command, ...wordsOf(option, value)];
    const first = await refused([...argv, '--seed', '7'].slice(0, option === 'seed' ? -2 : undefined));
    const again = await refused(first.rerun);

    expect(again.options).toStrictEqual(first.options);
    expect(again.rerun).toStrictEqual(first.rerun);
    // The kernel is in the name of the scenario.
    const named = option === 'kernel' ? 'scenario' : option;
    expect(first.rerun.some((word) => word === `--${named}` || word.startsWith(`--${named}=`))).toBe(true);
  });

  it('compare of the usual strategies, named', async () => {
    const first = await refused(['compare', '--strategies', 'none,early-check,locked-io-pages,upstream']);

    expect((await refused(first.rerun)).options).toStrictEqual(first.options);
  });
});

function wordsOf(option: string, [value, ...more]: readonly string[]): string[] {
  if (value === undefined) return [`--${option}`];
  // What stands beside a flag begins with an option, a value never does.
  return value.startsWith('--') ? [`--${option}`, value, ...more] : [`--${option}=${value}`, ...more];
}

describe('the command to run it again', () => {
  const settings = fc.record({
    start: fc.constantFrom('primed', 'cold'),
    actors: fc.constantFrom(undefined, 'finder=2,reclaim=1,end-io=1', 'readahead=2,reclaim=1,end-io=1'),
    strategies: fc.constantFrom(undefined, 'none,upstream', './my fix.mjs,none', 'upstream,early-check'),
    pages: fc.integer({ min: 1, max: 16 }),
    stride: fc.constantFrom(1, 64, 1000),
    worlds: fc.constantFrom(undefined, 4096),
    duration: fc.constantFrom(undefined, '100ms', '90s', '2m', '30d'),
    fold: fc.constantFrom(undefined, '2', '1000', '1000000'),
    starts: fc.constantFrom(undefined, '1', '20'),
    instances: fc.constantFrom(undefined, 'auto', '1', '64'),
    placement: fc.constantFrom(undefined, 'far', 'all', '0,8;1,9'),
    until: fc.constantFrom(undefined, 'decided'),
    jitter: fc.constantFrom(undefined, '0', '250'),
    stall: fc.constantFrom(undefined, '0.001'),
    trials: fc.constantFrom(undefined, '7', '10M', '1e15'),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    trylockFail: fc.constantFrom(0, 0.1, 1e-7),
    delay: fc.option(fc.constantFrom(...POINTS.map(({ name }) => `${name}=200`)), { nil: undefined }),
  });

  it('asks the engine for the same', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async ({ duration, until, trials, trylockFail, ...rest }) => {
        const budget = trials === undefined ? { duration, until } : { trials };
        const given = Object.entries({ ...rest, ...budget, 'trylock-fail': trylockFail });
        const argv = given.flatMap(([name, value]) =>
          value === undefined ? [] : [`--${name}`, String(value)],
        );
        const engine = fakeEngine();
        expect(await run(argv, fakeIo({ cwd }), engine)).toBe(0);
        const {
          signal: _signal,
          onProgress: _onProgress,
          onMemory: _onMemory,
          onNotice: _onNotice,
          ...asked
        } = engine.compared[0] ?? fail();

        const { budget: spent, starts, launch: _launch, isTuned: _isTuned, ...others } = asked;
        const { instances, placement, ...config } = others;
        const lines = rerunCommand({
          command: 'compare',
          strategies: asked.strategies,
          hasControl: true,
          config: {
            ...config,
            until: asked.until ?? null,
            waits: asked.waits ?? null,
            start: asked.start ?? '',
            actors: (asked.actors ?? []).map(({ role, count }) => `${role}=${count}`).join(','),
            durationMs: spent.kind === 'duration' ? spent.ms : null,
            trials: spent.kind === 'trials' ? spent.count : null,
            ...(starts !== undefined && { starts }),
            ...placesConfig({ instances, placement }),
          },
        });
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
        await run(shellWords(lines.join('\n')).slice(1), fakeIo({ cwd }), engine);

        expect(engine.compared[1]).toMatchObject(asked);
      }),
    );
  });

  it('comes before the search for a schedule that stops the actors of a strategy', async () => {
    const io = fakeIo();
    const hung = new HarnessError('ERR_ACTOR_HUNG', 'actor finder hung', { strategy: 'early-check' });
    const argv = ['compare', '--start', 'cold', '--actors', 'finder=2,reclaim=1', '--trylock-fail', '0.2'];

    expect(await run(argv, io, fakeEngine({ compare: () => Promise.reject(hung) }))).toBe(70);
    expect(io.err()).toMatch(
      /Search for a schedule that stops them:\n  ebtorture explore --start cold --strategy early-check \\\n    --actors finder=2,reclaim=1 --pages 4 --trylocks-fail\n$/,
    );
  });

  it('is not cut where a path is longer than a line', () => {
    const path = `./${'long/'.repeat(40)}fix.mjs`;
    const lines = rerunCommand({
      command: 'stress',
      strategies: [path],
      hasControl: true,
      config: asDeclared.config,
    });

    expect(lines).toContain(`    --strategy ${path} \\`);
  });
});

/** Splits as a shell does what rerunCommand writes: blanks, continuation lines and single quotes. */
function shellWords(text: string): string[] {
  const joined = text.replaceAll('\\\n', ' ');
  return Array.from(joined.matchAll(/(?:'[^']*'|[^\s'])+/g), ([word]) => word.replaceAll("'", ''));
}

function fail(): never {
  throw new Error('the engine was not asked');
}
