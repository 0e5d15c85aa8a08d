/** Journals of commands that nobody has run: their heads are those of real ones, what they have counted is made up. */
import { namesOfSetting, settingNamed } from '../../src/catalog/named-setting.ts';
import { Prng } from '../../src/stats/prng.ts';
import type { Machine } from '../../src/stress/host/machine-facts.ts';
import { planBlocks } from '../../src/stress/plan/block-plan.ts';
import { runOptions } from '../../src/stress/plan/run-options.ts';
import { START_TIMES } from '../../src/stress/plan/starts.ts';
import { askedRun } from '../../src/stress/run/asked-run.ts';
import { runHead } from '../../src/stress/run/run-head.ts';
import { runStarts } from '../../src/stress/run/run-starts.ts';
import { windowHead } from '../../src/stress/window/window-head.ts';
import type {
  BodyRecord,
  CompareHeader,
  HistoryHeader,
  WindowHeader,
} from '../../src/study/journal/records.ts';
import { Check } from '../../src/subject/extent-buffer/v5.7/check.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { sampleVisits } from '../unit/report/sample-window.ts';

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

const CALLED = {
  journal: 'ebtorture.journal/1',
  kind: 'header',
  options: { seed: '7' },
  seed: 7,
  machine: MACHINE,
} as const;

/** Header and records of a profile of so many visits without noise; the verdict is left out. */
export function sampleWindow(): { readonly header: WindowHeader; readonly records: readonly BodyRecord[] } {
  const setting = settingNamed({ scenario: 'readahead-vs-releasepage' });
  const strategies = [upstream, none];
  const options = {
    ...namesOfSetting(setting),
    strategy: 'upstream',
    points: 48,
    rangeNs: [-400, 400],
    budget: { kind: 'duration', ms: 12_000 },
    seed: 7,
  } as const;
  const head = windowHead(options, {
    setting,
    parts: { ...namesOfSetting(setting), scenario: setting.scenario.name },
    strategies,
    placement: undefined,
  });
  const records: BodyRecord[] = [];
  const all = sampleVisits({ strategies });
  const sweeps = new Set(all.map(({ start, sweep }) => `${start} ${sweep}`));
  for (const name of sweeps) {
    const visits = all.filter((visit) => `${visit.start} ${visit.sweep}` === name);
    const { start, sweep } = visits[0] ?? { start: 0, sweep: 0 };
    if (sweep === 0) records.push({ kind: 'start', start, planned: start, processors: [null], failed: null });
    const place = { start, planned: start, sweep };
    const done = { elapsedMs: 700 * (3 * start + sweep + 1), blocks: 200 * (3 * start + sweep + 1) };
    const host = { seconds: 0.5, othersBusySeconds: 0, stealSeconds: 0, countedSeconds: 0.5, preemptions: 1 };
    if (start + sweep === 0) {
      const offsets = [...new Set(visits.map(({ offsetNs }) => offsetNs))];
      records.push({ kind: 'offsets', offsets, ...done, host });
    }
    const counted = visits.map(({ start: _start, sweep: _sweep, placement: _placement, ...visit }) => visit);
    records.push({ kind: 'visits', ...place, ...done, host, visits: counted });
  }
  const header = { ...CALLED, command: 'window', commandLine: ['ebtorture', 'window'], head } as const;
  return { header, records };
}

/** Header and records of a history of two races on threads; the verdict is left out. */
export function sampleHistory(): { readonly header: HistoryHeader; readonly records: readonly BodyRecord[] } {
  const race = {
    year: 2010,
    commit: 'abcdef012345',
    title: 'a race',
    symptom: 'It was freed early',
    breaks: ['I1'],
    start: 'primed',
    actors: 'finder=1,reclaim=1',
    pages: 1,
    strategies: { before: 'none', after: 'upstream' },
  };
  const proof = { witness: null, states: 100, complete: true, reason: null };
  const rate = { trials: 1000, violations: 0, perMillion: 0, low: 0, high: 3000 };
  const header: HistoryHeader = {
    ...CALLED,
    command: 'history',
    commandLine: ['ebtorture', 'history'],
    config: { exploreMs: 30_000, hardwareMs: 1_000, seed: 7, agrees: false },
    races: [
      { scenario: 'one', ...race },
      { scenario: 'other', ...race, year: 2012 },
    ],
    matrix: [{ strategy: 'upstream', races: [1] }],
  };
  const before = { ...proof, strategy: 'none', verdict: 'violated', invariants: ['I1'] } as const;
  const after = { ...proof, strategy: 'upstream', verdict: 'holds', invariants: [] } as const;
  const hardware = {
    verdict: 'shown',
    delays: {},
    before: { ...rate, violations: 7 },
    after: rate,
    probability: null,
    elapsedMs: 500,
  } as const;
  const { strategy: _strategy, witness: _witness, reason: _reason, ...cell } = after;
  return {
    header,
    records: [
      { kind: 'race', race: 1, before, after, elapsedMs: 100 },
      { kind: 'race', race: 0, before, after, elapsedMs: 200 },
      { kind: 'cell', race: 1, strategy: 'upstream', cell, elapsedMs: 300 },
      { kind: 'played', race: 0, hardware, elapsedMs: 800 },
      { kind: 'played', race: 1, hardware, elapsedMs: 1_300 },
    ],
  };
}

/** As a file has them. */
export function journalText(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
