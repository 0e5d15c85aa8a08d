import { spawnSync } from 'node:child_process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { compileNative } from '../../bench/native-program.ts';
import { cpusReport } from '../../src/report/cpus-report.ts';
import { runCpus } from '../../src/stress/cpus/cpus.ts';
import type { CpusResult } from '../../src/stress/cpus/cpus-result.ts';
import { allowedProcessors } from '../../src/stress/host/proc.ts';

const processors = [...(allowedProcessors() ?? [])];
const canPin = processors.length > 1 && spawnSync('taskset', ['--version']).status === 0;
const never = new AbortController().signal;

describe('runCpus', () => {
  it.skipIf(!canPin)('measures every pair on its processors', async () => {
    const shown: number[] = [];

    const result = await runCpus({
      signal: never,
      onProgress: ({ done, total }) => shown.push(done / total),
    });

    const { pairs, classes, pairsInAll, anywhere, isInterrupted, topology } = result;
    expect(topology.processors.map(({ number }) => number)).toEqual(processors);
    expect(pairsInAll).toBe((processors.length * (processors.length - 1)) / 2);
    expect(pairs.length).toBeGreaterThan(0);
    expect(anywhere).toBeNull();
    expect(isInterrupted).toBe(false);
    // A busy host ends it after fewer rounds than were planned.
    expect(shown).toEqual(shown.toSorted((one, other) => one - other));
    expect(shown.length).toBeGreaterThanOrEqual(pairs.length);
    for (const { roundTrip, visits } of pairs.filter((pair) => pair.roundTrip !== null)) {
      expect(visits).toBeGreaterThan(0);
      // Two moves of a cache line: no machine needs less than some ns, and one that is busy not a hundred us.
      expect(roundTrip?.ns).toBeGreaterThan(2);
      expect(roundTrip?.ns).toBeLessThan(100_000);
      if (visits < 6) continue;
      expect(roundTrip?.lowNs).toBeLessThanOrEqual(roundTrip?.ns ?? 0);
      expect(roundTrip?.highNs).toBeGreaterThanOrEqual(roundTrip?.ns ?? 0);
    }
    expect(classes.reduce((sum, one) => sum + one.pairs, 0)).toBe(
      pairs.filter(({ roundTrip }) => roundTrip !== null).length,
    );
    expect(cpusReport(result)).toContain('ebtorture cpus: how the processors lie');
  });

  it.skipIf(processors.length < 2)(
    'measures wherever the system puts the threads without taskset, and says so',
    async () => {
      vi.stubEnv('PATH', '/nowhere');
      onTestFinished(() => {
        vi.unstubAllEnvs();
      });

      const result = await runCpus({ signal: never });

      expect(result.pairs.every(({ roundTrip }) => roundTrip === null)).toBe(true);
      expect(result.notes).toContainEqual(
        expect.stringMatching(/^No pair was measured, as there is no taskset/),
      );
      expect(result.notes).toContainEqual(expect.stringMatching(/^lscpu is not there/));
    },
  );

  it('says that there is nothing to measure on one processor', async () => {
    const result = await runCpus({
      signal: never,
      sources: {
        text: () => undefined,
        lscpu: () => Promise.resolve({ kind: 'failed', reason: 'lscpu is not there' }),
        processorCount: 1,
      },
    });

    expect(result).toMatchObject({ pairsInAll: 0, pairs: [], classes: [], anywhere: null });
    expect(result.notes.at(-1)).toMatch(/^One processor/);
  });

  it.skipIf(!canPin)('gives what it has when it is interrupted', async () => {
    const interrupt = new AbortController();

    const result: CpusResult = await runCpus({
      signal: interrupt.signal,
      onProgress: ({ done }) => {
        if (done === 2) interrupt.abort();
      },
    });

    expect(result.isInterrupted).toBe(true);
    expect(result.pairs.reduce((sum, { visits }) => sum + visits, 0)).toBeLessThanOrEqual(2);
    expect(cpusReport(result)).toContain('INTERRUPTED');
  });
});

describe('the C program beside it', () => {
  it('answers each pair, and refuses a processor that is not there', ({ skip }) => {
    const built = compileNative('ping') ?? skip('no C compiler');
    onTestFinished(built.remove);
    if (!canPin) skip('one processor');
    const [a, b] = processors;

    const measured = spawnSync(built.path, { input: `${a} ${b}\n${b} ${a}\n`, encoding: 'utf8' });
    const refused = spawnSync(built.path, { input: `${a} 1023\n`, encoding: 'utf8' });

    expect(measured.stdout).toMatch(/^(\d+(\.\d+)?\n){2}$/);
    expect(refused).toMatchObject({ status: 1, stderr: 'ping: cannot move a thread to processor 1023\n' });
  });
});
