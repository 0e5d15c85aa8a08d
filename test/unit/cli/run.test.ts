import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { plain } from '../../../src/report/paint.ts';
import { compareReport, stressReport } from '../../../src/report/run-report.ts';
import { HarnessError } from '../../../src/stress/plan/harness-error.ts';
import type { CompareResult, StressResult } from '../../../src/stress/result/result.ts';
import { InterruptedError } from '../../../src/study/in-thread.ts';
import { contradicted, fixRefuted } from '../report/sample-decisions.ts';
import {
  asDeclared,
  fixViolated,
  interrupted,
  stressClean,
  stressViolated,
} from '../report/sample-results.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-run-'));
writeFileSync(join(cwd, 'my fix.mjs'), '');
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

describe('what comes after the blocks of compare', () => {
  const asked = async (...argv: string[]): Promise<unknown> => {
    const engine = fakeEngine();
    await run(['compare', ...argv], fakeIo(), engine);
    return engine.compared;
  };

  it.each([
    [[], { proves: true, measuresCost: false }],
    [['--strategies', 'none,upstream'], { proves: true, measuresCost: true }],
    [['--strategies', 'all', '--no-prove'], { proves: false, measuresCost: true }],
    [['--strategies', 'all', '--no-cost'], { proves: true, measuresCost: false }],
  ])('is what is asked for: %j', async (argv, expected) => {
    expect(await asked(...argv)).toMatchObject([expected]);
  });

  it.each([
    ['refutes a fix', fixRefuted, 1],
    ['contradicts the blocks', contradicted, 70],
  ])('ends with its own status where it %s', async (_what, result, status) => {
    expect(await run([], fakeIo(), fakeEngine({ compare: () => result }))).toBe(status);
  });
});

describe('defaults', () => {
  it('compares the fix of the kernel with its controls without a command', async () => {
    const engine = fakeEngine();

    expect(await run([], fakeIo(), engine)).toBe(0);
    expect(engine.compared).toMatchObject([
      {
        scenario: 'readahead-vs-releasepage',
        start: 'primed',
        strategies: ['none', 'early-check', 'locked-io-pages', 'upstream'],
        actors: [
          { role: 'finder', count: 1 },
          { role: 'reclaim', count: 1 },
        ],
        pages: 4,
        worlds: 256,
        stride: 64,
        budget: { kind: 'duration', ms: 10_000 },
        trylockFail: 0,
        readFail: 0,
        delays: {},
      },
    ]);
  });

  it('leaves a probability of 0 that setups fail out of what it asks for', async () => {
    const engine = fakeEngine();
    await run(['--setup-fail', '0.25'], fakeIo(), engine);
    await run(['--setup-fail', '0'], fakeIo(), engine);

    expect(engine.compared[0]?.setupFail).toBe(0.25);
    expect(engine.compared[1]).not.toHaveProperty('setupFail');
  });

  it('stresses none, beside a control', async () => {
    const engine = fakeEngine();
    await run(['stress'], fakeIo(), engine);
    await run(['stress', '--strategy', 'upstream', '--no-control', '--trials', '2k'], fakeIo(), engine);

    expect(engine.stressed).toMatchObject([
      { strategy: 'none', hasControl: true, budget: { kind: 'duration', ms: 10_000 } },
      { strategy: 'upstream', hasControl: false, budget: { kind: 'trials', count: 2000 } },
    ]);
  });

  it('ends when the question is settled, at the latest after ten minutes unless told otherwise', async () => {
    const engine = fakeEngine();
    await run(['--until', 'decided'], fakeIo(), engine);
    await run(['--until', 'decided', '--duration', '1h', '--fold', '50'], fakeIo(), engine);
    await run([], fakeIo(), engine);

    expect(engine.compared).toMatchObject([
      { until: 'decided', fold: 1000, budget: { kind: 'duration', ms: 600_000 } },
      { until: 'decided', fold: 50, budget: { kind: 'duration', ms: 3_600_000 } },
      { fold: 1000, budget: { kind: 'duration', ms: 10_000 } },
    ]);
    expect(engine.compared[2]?.until).toBeUndefined();
  });

  it('makes room for a longer stride', async () => {
    const engine = fakeEngine();
    await run(['--stride', '1024'], fakeIo(), engine);

    expect(engine.compared).toMatchObject([{ stride: 1024, worlds: 2048 }]);
  });

  it('draws another seed every time', async () => {
    const engine = fakeEngine();
    for (let runs = 0; runs < 5; runs++) await run([], fakeIo(), engine);

    // Five equal 32-bit seeds by chance: 2^-128.
    expect(new Set(engine.compared.map(({ seed }) => seed)).size).toBeGreaterThan(1);
  });
});

describe('strategies of compare', () => {
  it('adds a control where there is none, and says so', async () => {
    const io = fakeIo();
    const engine = fakeEngine();
    await run(['--strategies', 'upstream'], io, engine);

    expect(engine.compared[0]?.strategies).toEqual(['none', 'upstream']);
    expect(io.err()).toBe('ebtorture: no control among the strategies, none is added\n');
  });

  it('takes a plug-in for the control that declares to be one, and adds none', async () => {
    const plugIn = (expectation: string): string =>
      `export const expectation = '${expectation}';\nexport default (Base) => class extends Base {};\n`;
    const [buggy, fixed] = [join(cwd, 'buggy.mjs'), join(cwd, 'fixed.mjs')];
    writeFileSync(buggy, plugIn('violates'));
    writeFileSync(fixed, plugIn('holds'));
    const io = fakeIo({ cwd });
    const engine = fakeEngine();
    await run(['--strategies', `${buggy},${fixed}`], io, engine);
    await run(['--strategies', fixed], io, engine);

    expect(engine.compared.map((options) => options.strategies)).toEqual([
      [buggy, fixed],
      ['none', fixed],
    ]);
    expect(io.err()).toBe('ebtorture: no control among the strategies, none is added\n');
  });

  it.each([
    ['upstream,early-check', ['upstream', 'early-check']],
    ['all,./my fix.mjs', [...strategies.map(({ name }) => name), './my fix.mjs']],
  ])('takes %s as it is', async (text, names) => {
    const io = fakeIo({ cwd });
    const engine = fakeEngine();
    await run(['compare', '--strategies', text], io, engine);

    expect(engine.compared[0]?.strategies).toEqual(names);
    expect(io.err()).toBe('');
  });
});

describe('exit status', () => {
  it.each([
    [0, asDeclared],
    [1, fixViolated],
    [2, { ...asDeclared, verdict: 'inconclusive' } as const],
    [130, interrupted],
    [130, { ...asDeclared, isInterrupted: true }],
  ])('of compare is %d', async (status, result: CompareResult) => {
    expect(await run([], fakeIo(), fakeEngine({ compare: () => result }))).toBe(status);
  });

  it.each([
    [0, stressClean],
    [1, stressViolated],
    [2, { ...stressClean, verdict: 'inconclusive' } as const],
    [130, { ...stressViolated, isInterrupted: true }],
  ])('of stress is %d', async (status, result: StressResult) => {
    expect(await run(['stress'], fakeIo(), fakeEngine({ stress: () => result }))).toBe(status);
  });

  it('is 70 when the harness breaks, with its message and the way to run it again, without a stack', async () => {
    const io = fakeIo();
    const engine = fakeEngine({
      stress: () => Promise.reject(new HarnessError('ERR_ACTOR_HUNG', 'actor finder hung\nat find:ref')),
    });

    expect(await run(['stress', '--strategy', 'upstream', '--seed', '7'], io, engine)).toBe(70);
    expect(io.out()).toBe('');
    expect(io.err()).toBe(
      'ebtorture: actor finder hung\nat find:ref\nRun it again:\n' +
        '  ebtorture stress --strategy upstream --duration 10s --seed 7\n',
    );
  });

  it.each([
    ['others had the processors', 2, new HarnessError('ERR_HOST_BUSY', 'the host was busy')],
    ['a limit of time was over', 2, new HarnessError('ERR_TIME_OVER', 'was not loaded within 1 s')],
    ['nothing was found before an interrupt', 130, new InterruptedError()],
  ])('is no fault where %s, and says so in a line', async (_what, status, error) => {
    const io = fakeIo();
    const engine = fakeEngine({ stress: () => Promise.reject(error) });

    expect(await run(['stress', '--strategy', 'upstream', '--seed', '7'], io, engine)).toBe(status);
    expect(io.err()).toContain(`ebtorture: ${error.message}\n`);
    expect(io.err()).not.toContain('internal error');
  });

  it('is 70 for a defect of our own, with a stack for those who ask', async () => {
    const engine = fakeEngine({ compare: () => Promise.reject(new TypeError('x is not a function')) });
    const quiet = fakeIo();
    const asked = fakeIo({ env: { DEBUG: 'other,ebtorture' } });

    expect(await run([], quiet, engine)).toBe(70);
    expect(await run([], asked, engine)).toBe(70);
    expect(quiet.err()).toBe(
      'ebtorture: internal error: x is not a function (DEBUG=ebtorture shows where)\n',
    );
    expect(asked.err()).toMatch(/\n {4}at .*run\.test\.ts/);
  });

  it('is no usage error once the run has started', async () => {
    const engine = fakeEngine({
      compare: ({ onProgress }) => {
        onProgress?.({ elapsedMs: 0, fraction: 0, arms: [] });
        throw new RangeError('Invalid array length');
      },
    });

    expect(await run([], fakeIo(), engine)).toBe(70);
  });
});

describe('interruption', () => {
  it('aborts the run, prints and saves what was measured, and ends with 130', async () => {
    const io = fakeIo({ cwd });
    const engine = fakeEngine({
      compare: ({ signal }) => {
        expect(signal?.aborted).toBe(false);
        io.interrupt();
        expect(signal?.aborted).toBe(true);
        return interrupted;
      },
    });

    expect(await run(['--out', 'interrupted.json'], io, engine)).toBe(130);
    expect(io.out()).toBe(compareReport(interrupted, plain));
    expect(existsSync(join(cwd, 'interrupted.json'))).toBe(true);
  });

  it('is not listened for when the run is over', async () => {
    const io = fakeIo();
    const engine = fakeEngine();
    await run([], io, engine);
    io.interrupt();

    expect(engine.compared[0]?.signal?.aborted).toBe(false);
  });
});

describe('output', () => {
  it('is the report on stdout, and nothing on stderr', async () => {
    const io = fakeIo();
    await run(['stress'], io, fakeEngine());

    expect(io.out()).toBe(stressReport(stressClean, plain));
    expect(io.err()).toBe('');
  });

  it('is painted on a terminal', async () => {
    const io = fakeIo({ isTTY: true });
    await run([], io, fakeEngine());

    expect(io.out()).toContain('Verdict: <good>AS DECLARED</>.');
  });

  it('with --json is one document on stdout and the report on stderr', async () => {
    const io = fakeIo();
    await run(['--json'], io, fakeEngine());

    expect(io.out()).toBe(`${JSON.stringify(asDeclared, null, 2)}\n`);
    expect(io.err()).toBe(compareReport(asDeclared, plain));
  });

  it('with --json --quiet is the document alone', async () => {
    const io = fakeIo({ isTTY: true });
    const engine = fakeEngine({
      compare: ({ onProgress }) => {
        onProgress?.({ elapsedMs: 1, fraction: 0.5, arms: [] });
        return asDeclared;
      },
    });
    await run(['--json', '--quiet', '--strategies', 'upstream'], io, engine);

    expect(JSON.parse(io.out())).toEqual(asDeclared);
    expect(io.err()).toBe('');
  });

  it('with --out is kept in a journal, over what was there, with nothing left beside', async () => {
    const path = join(cwd, 'saved.jsonl');
    writeFileSync(path, 'old');
    const before = readdirSync(cwd);
    const io = fakeIo({ cwd });
    await run(['--json', '--out', 'saved.jsonl', '--seed', '5'], io, fakeEngine());
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');

    // An engine that puts nothing down has its whole result put down.
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      {
        journal: 'ebtorture.journal/1',
        kind: 'header',
        command: 'compare',
        commandLine: ['ebtorture', '--json', '--out', 'saved.jsonl', '--seed', '5'],
        options: { seed: '5' },
        seed: 5,
      },
      { kind: 'document', document: JSON.parse(io.out()) as object },
      { kind: 'verdict', verdict: 'as-declared', isInterrupted: false },
    ]);
    expect(readdirSync(cwd)).toEqual(before);
  });

  it('is still printed when it cannot be saved; the end is 70', async () => {
    const io = fakeIo({ cwd });
    const directory = mkdtempSync(join(cwd, 'vanishing-'));
    const engine = fakeEngine({
      compare: () => {
        rmSync(directory, { recursive: true });
        return asDeclared;
      },
    });

    expect(await run(['--out', join(directory, 'run.json')], io, engine)).toBe(70);
    expect(io.out()).toBe(compareReport(asDeclared, plain));
    expect(io.err()).toMatch(
      /^ebtorture: --out: cannot save .*run\.json: no such file or directory \(ENOENT\); the result is on stdout only\n$/,
    );
  });

  it('states large memory before it is taken, and small memory not', async () => {
    const large = fakeIo();
    const small = fakeIo();
    const engineOf = (size: number): ReturnType<typeof fakeEngine> =>
      fakeEngine({
        compare: ({ onMemory }) => {
          onMemory?.(size);
          return asDeclared;
        },
      });
    await run([], large, engineOf(2 ** 30));
    await run([], small, engineOf(2 ** 20));

    expect(large.err()).toBe('ebtorture: takes 1.0 GiB of shared memory\n');
    expect(small.err()).toBe('');
  });
});

describe('progress', () => {
  const engine = fakeEngine({
    compare: ({ onProgress }) => {
      onProgress?.({
        elapsedMs: 2000,
        fraction: 0.2,
        arms: [{ strategy: 'none', trials: 3e6, violations: 12 }],
      });
      return asDeclared;
    },
  });

  it('is one line on a terminal, and gone at the end', async () => {
    const io = fakeIo({ isTTY: true });
    await run([], io, engine);
    const line = '2 s 20 %  violations/trials: none 12/3.00M';

    expect(io.err()).toBe(`\r${line}\r${' '.repeat(line.length)}\r`);
  });

  it.each([
    ['not a terminal', [], fakeIo()],
    ['quiet', ['--quiet'], fakeIo({ isTTY: true })],
    ['a dumb terminal', [], fakeIo({ isTTY: true, env: { TERM: 'dumb' } })],
  ])('is silent: %s', async (_why, argv, io) => {
    await run(argv, io, engine);

    expect(io.err()).toBe('');
  });
});
