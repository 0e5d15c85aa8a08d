/**
 * Schedules that the page shows step by step, and that results have as text alone: somebody else plays them, as reports know no
 * engine. A result names schedules of whatever strategy; only those of the project may be played for it.
 */
import type { Replay } from '../../explore/witness/replay.ts';
import { findScenario, scenarios } from '../../catalog/registry.ts';
import { mutatedDefault } from '../../catalog/run-defaults.ts';
import { controlOf } from '../../scenario/promises.ts';
import type { HuntResult } from '../../study/hunt/hunt-result.ts';
import type { ReplayTitle } from '../replay-report.ts';
import type { RunResult } from '../run-header.ts';
import type { Rendered } from '../saved/rendered.ts';
import type { Run } from './witness/run.ts';
import { endOfReplay } from './witness/run.ts';

/** A schedule, and the strategy to play it under; null for its own. */
export interface WantedReplay {
  readonly schedule: string;
  readonly strategy: string | null;
}

/** What became of a schedule that was asked for. */
export type Played = ReplayTitle & Replay;

/** By `replayKey`; those that could not be played are missing. */
export type Replays = ReadonlyMap<string, Played>;

/** The key of a replay. */
export function replayKey({ schedule, strategy }: WantedReplay): string {
  return `${strategy ?? ''}\n${schedule}`;
}

/** All that the page of some results wants to have played, each once. */
export function replaysWanted(results: readonly Rendered[]): WantedReplay[] {
  const wanted = new Map<string, WantedReplay>();
  for (const result of results) for (const each of wantedOf(result)) wanted.set(replayKey(each), each);
  return [...wanted.values()];
}

/** A run that was played; null where it was not. */
export function playedRun(replays: Replays, wanted: WantedReplay): Run | null {
  const replay = replays.get(replayKey(wanted));
  if (replay === undefined || replay.steps.length === 0) return null;
  const { strategy, actors, steps } = replay;
  return { strategy, actors, steps, end: endOfReplay(replay) };
}

/** The strategy that is shown beside another one that violates: the fix of the scenario; null where that is the one. */
export function twinOf(scenario: string, strategy: string): string | null {
  const found = findScenario(scenario);
  if (found === undefined) return null;
  const fix = mutatedDefault(found);
  return fix === strategy || strategy.startsWith(`${fix}~`) ? null : fix;
}

/**
 * Strategies of the project that may mend a race that a hunt has found, the best known first: what was hunted against, those under which
 * its program was searched and has none, and the fix of a race whose control was hunted.
 */
export function mendsOf({ config, matrix = [] }: HuntResult, finding: number): string[] {
  const { against, strategy } = config;
  const closing = matrix.filter(({ cells }) => cells[finding] === 'closed').map((row) => row.strategy);
  const fixes = scenarios
    .filter((scenario) => controlOf(scenario) === strategy)
    .map((scenario) => mutatedDefault(scenario));
  const names = [...(against === null ? [] : [against]), ...closing, ...fixes];
  return [...new Set(names)].filter((name) => name !== strategy);
}

/** The first of those whose schedule ends well; null where none does, or could be played. */
export function mendedRun(replays: Replays, result: HuntResult, finding: number): Run | null {
  const schedule = result.findings[finding]?.witness?.schedule;
  if (schedule === undefined) return null;
  for (const strategy of mendsOf(result, finding)) {
    const run = playedRun(replays, { schedule, strategy });
    if (run?.end.tone === 'good') return run;
  }
  return null;
}

/** A schedule under its own strategy and under another one. */
function both(schedule: string, twin: string | null): WantedReplay[] {
  const own = { schedule, strategy: null };
  return twin === null ? [own] : [own, { schedule, strategy: twin }];
}

function ofRun({ arms, config }: RunResult): WantedReplay[] {
  return arms.flatMap(({ strategy, proof }) =>
    proof?.witness === undefined || proof.witness === null
      ? []
      : both(proof.witness, twinOf(config.scenario, strategy)),
  );
}

function wantedOf({ saved }: Rendered): WantedReplay[] {
  switch (saved.schema) {
    case 'ebtorture.compare/1':
    case 'ebtorture.stress/1':
      return ofRun(saved.document);
    case 'ebtorture.merge/1':
      return saved.document.strata.flatMap(({ result }) => ofRun(result));
    case 'ebtorture.explore/1':
    case 'ebtorture.explore-random/1': {
      const { scenario, strategy, violations } = saved.document;
      const twin = twinOf(scenario, strategy);
      return violations.flatMap(({ witness }) => (witness === null ? [] : both(witness.schedule, twin)));
    }
    case 'ebtorture.explain/1': {
      const { explanation, config, arms } = saved.document;
      return explanation === null
        ? []
        : both(explanation.schedule, twinOf(config.scenario, arms[0]?.strategy ?? ''));
    }
    case 'ebtorture.mutate/1': {
      const { mutants, config } = saved.document;
      return mutants.flatMap(({ explore }) =>
        explore?.witness === undefined || explore.witness === null
          ? []
          : both(explore.witness.schedule, config.strategy),
      );
    }
    case 'ebtorture.history/1':
      return saved.document.rows.flatMap(({ before, after }) =>
        before.witness === null ? [] : both(before.witness.schedule, after.strategy),
      );
    case 'ebtorture.hunt/1': {
      const { document } = saved;
      return document.findings.flatMap(({ witness }, finding) =>
        witness === null
          ? []
          : mendsOf(document, finding).map((strategy) => ({ schedule: witness.schedule, strategy })),
      );
    }
    case 'ebtorture.window/1':
    case 'ebtorture.replay/1':
    case 'ebtorture.cpus/1':
    case 'ebtorture.diff/1':
      return [];
  }
}
