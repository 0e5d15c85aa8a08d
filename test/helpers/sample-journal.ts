/** A journal of a comparison that nobody has run: its head is that of a real one, its blocks are made up. */
import { namesOfSetting, settingNamed } from '../../src/catalog/named-setting.ts';
import { Prng } from '../../src/stats/prng.ts';
import type { Machine } from '../../src/stress/host/machine-facts.ts';
import { planBlocks } from '../../src/stress/plan/block-plan.ts';
import { runOptions } from '../../src/stress/plan/run-options.ts';
import { START_TIMES } from '../../src/stress/plan/starts.ts';
import { askedRun } from '../../src/stress/run/asked-run.ts';
import { runHead } from '../../src/stress/run/run-head.ts';
import { runStarts } from '../../src/stress/run/run-starts.ts';
import type { BodyRecord, CompareHeader } from '../../src/study/journal/records.ts';
import { Check } from '../../src/subject/extent-buffer/v5.7/check.ts';

export const MACHINE: Machine = {
  version: '0.1.0',
  commit: 'abcdef012345',
  node: '20.20.0',
  v8: '11.3',
  platform: 'linux',
  arch: 'x64',
  cpuModel: 'a processor',
  cpuCount: 2,
  coreCount: 2,
  jit: { tier: 'TurboFan', flags: [] },
  host: 'machine',
  kernelRelease: '6.12.0',
  startedAt: '2026-11-29T13:45:00.000+01:00',
  timeZone: 'Europe/Berlin',
};

const SHARE = { blocks: 1, weight: 1 };

/** Header and records of a comparison of so many ms; the verdict is left out. */
export async function sampleRecords(
  durationMs: number,
  strategies: readonly string[] = ['none', 'upstream'],
): Promise<{ readonly header: CompareHeader; readonly records: readonly BodyRecord[] }> {
  const setting = settingNamed({ scenario: 'readahead-vs-releasepage' });
  const budget = { kind: 'duration', ms: durationMs } as const;
  const options = { ...runOptions(setting, { seed: 7, budget }), ...namesOfSetting(setting) };
  const asked = await askedRun(options, { names: strategies, isRecorded: false });
  const shares = strategies.map(() => SHARE);
  const head = runHead(options, {
    asked,
    parts: asked.parts,
    isControlAdded: false,
    shares,
    times: START_TIMES,
    placement: undefined,
  });
  const header: CompareHeader = {
    journal: 'ebtorture.journal/1',
    kind: 'header',
    command: 'compare',
    commandLine: ['ebtorture', 'compare'],
    options: { seed: '7', duration: `${durationMs}ms` },
    seed: 7,
    machine: MACHINE,
    head,
    asks: { proves: false, measuresCost: false, agrees: false },
  };
  const { lengths } = runStarts(options, shares);
  return {
    header,
    records: [
      ...blocksOf(
        head.graded.outcomes.map(({ name }) => name),
        { shares, lengths },
      ),
    ],
  };
}

function* blocksOf(
  outcomes: readonly string[],
  { shares, lengths }: { readonly shares: readonly (typeof SHARE)[]; readonly lengths: readonly number[] },
): Generator<BodyRecord, void> {
  const prng = new Prng(7);
  let start = -1;
  let planned = 0;
  for (const block of planBlocks(shares, lengths, prng.fork(1))) {
    if (block.start > start) {
      start = block.start;
      yield { kind: 'start', start, planned: start, processors: [null], failed: null };
    }
    const trials = 100_000 + Math.floor(1000 * prng.nextFloat());
    const violations = block.arm === 0 ? 200 + Math.floor(20 * prng.nextFloat()) : 0;
    const counts = outcomes.map((name) =>
      name === 'bug' ? violations : name === 'read' ? trials - violations : 0,
    );
    yield {
      kind: 'block',
      arm: block.arm,
      planned,
      elapsedMs: 200 * (planned + 1),
      ...(planned === 0 && { firstTrialMs: 100, firstViolationMs: 120 }),
      block: {
        order: planned,
        round: block.round,
        start,
        seed: planned,
        seconds: 0.2,
        trials,
        violations,
        roundTripNs: 110,
        host: { preemptions: [1, 2], sleeps: [3, 4], steal: 0, othersBusy: 0.1 },
        rejected: block.isWarmUp ? 'warm-up' : null,
      },
      counts: {
        outcomes: counts,
        notes: {},
        checks: violations === 0 ? {} : { [Check.B1]: violations },
      },
    };
    planned++;
  }
}

/** As a file has them. */
export function journalText(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
