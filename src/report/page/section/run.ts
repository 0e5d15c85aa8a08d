/** The page of `compare` and `stress`. */
import type { ArmResult } from '../../../stress/result/result.ts';
import type { Comparison } from '../../../stress/result/comparison-result.ts';
import { proofSentence } from '../../decision-table.ts';
import {
  comparisonSentences,
  fold,
  probability,
  referenceControl,
  vacuitySentences,
  zeroCaveat,
} from '../../findings.ts';
import { counted, grouped, listed, short } from '../../number.ts';
import { isMixed, type RunResult } from '../../run-header.ts';
import { scenarioText } from '../../scenario-text.ts';
import { blockCharts } from '../chart/blocks.ts';
import { rateChart } from '../chart/rates.ts';
import { measuredFacts } from '../facts.ts';
import type { Answer, Context, Part } from '../part.ts';
import { playedRun, twinOf } from '../replays.ts';
import { stepperMarkup } from '../witness/stepper.ts';
import { block, restsOn, sentences } from './block.ts';
import { decisionTable } from './decision.ts';
import { placementSection } from './placements.ts';

/** Of more names a question has the number. */
const NAMES_MAX = 3;

/** What the page has of a run. */
export function runPart(result: RunResult): Part {
  const { arms, config, environment, places } = result;
  return {
    question: questionOf(arms),
    facts: [
      ['scenario', `${scenarioText(config)}, start ${config.start}, ${config.actors}`],
      ...measuredFacts(result, { environment, seed: config.seed, ...(places !== undefined && { places }) }),
    ],
    answer: answerOf(result),
    body: (context) => [
      ...witnessOf(result, context),
      block('Rates', rateChart(result), sentences(comparisonSentences(result))),
      placementSection(result),
      ...(result.schema === 'ebtorture.compare/1' ? [decisionTable(result)] : []),
      block('Blocks', ...blockCharts(arms)),
      restsOn([...vacuitySentences(result), ...result.notices, ...zeroCaveat(result)]),
    ],
  };
}

function questionOf(arms: readonly ArmResult[]): string {
  const named = (expectation: ArmResult['expectation']): string[] =>
    arms.filter((arm) => arm.expectation === expectation).map(({ strategy }) => strategy);
  const [fixes, controls] = [named('holds'), named('violates')];
  if (fixes.length === 0) return `Does ${listed(controls)} violate on threads?`;
  if (controls.length === 0) return `Does ${listed(fixes)} hold on threads?`;
  const verb = fixes.length === 1 ? 'Does' : 'Do';
  const some = (names: readonly string[], noun: string): string =>
    names.length > NAMES_MAX ? counted(names.length, noun) : listed(names);
  return `${verb} ${some(fixes, 'fix').replace(/fixs$/, 'fixes')} hold where ${some(controls, 'control')} ${controls.length === 1 ? 'violates' : 'violate'}?`;
}

function answerOf(result: RunResult): Answer {
  const { arms } = result;
  return {
    proof: result.schema === 'ebtorture.compare/1' ? proofSentence(result) : [],
    hardware: hardwareSentences(result),
    power: arms.length === 0 ? [] : powerSentences(result),
  };
}

/** Rates of a machine are never pooled over arms: trials of each, and the weakest claim. */
function hardwareSentences(result: RunResult): string[] {
  const { arms } = result;
  const ran = arms.filter(({ trials }) => trials > 0);
  const controls = ran.filter(({ expectation }) => expectation === 'violates');
  const fixes = ran.filter(({ expectation }) => expectation === 'holds');
  const broken = fixes.filter(({ violations }) => violations.total > 0);
  const clean = fixes.filter(({ violations }) => violations.total === 0);
  const seen = (arm: ArmResult): string =>
    `${arm.strategy} ${grouped(arm.violations.total)} in ${counted(arm.trials, 'trial', short)}`;
  const least = clean.reduce((min, { trials }) => Math.min(min, trials), Infinity);
  const bound = clean.reduce((max, { rate }) => Math.max(max, rate.blocks === 0 ? Infinity : rate.high), 0);
  const below = Number.isFinite(bound) ? `: below ${short(bound)} per million (95 %)` : '';
  const beside = controls.length === 0 ? '' : `, while ${listed(controls.map(seen))}`;
  return [
    ...(broken.length === 0 ? [] : [`Violations: ${listed(broken.map(seen))}.`]),
    ...(clean.length === 0
      ? []
      : [
          `No violation of ${listed(clean.map(({ strategy }) => strategy))} in ${clean.length === 1 ? '' : 'at least '}` +
            `${short(least)} trials${clean.length === 1 ? '' : ' each'}${below}${beside}.`,
        ]),
    ...(fixes.length === 0 && controls.length > 0 ? [`Violations: ${listed(controls.map(seen))}.`] : []),
    ...(isMixed(result)
      ? ['That is over all placements as this run mixed them; each by itself stands below.']
      : reductionSentence(comparedIn(result))),
  ];
}

function comparedIn(result: RunResult): readonly Comparison[] {
  const against = referenceControl(result);
  return result.comparisons.filter(({ control }) => control === against);
}

function reductionSentence(compared: readonly Comparison[]): string[] {
  if (compared.length === 0) return [];
  const folds = compared.map(({ reductionAtLeast }) => reductionAtLeast ?? 0);
  const least = folds.reduce((min, each) => Math.min(min, each));
  const control = compared[0]?.control ?? '';
  if (least > 1) {
    const all = compared.length === 1 ? '' : ', for each of them';
    return [`That is at least ${fold(least)}-fold fewer than ${control}${all} (95 %).`];
  }
  const none = compared.filter(({ reductionAtLeast }) => !((reductionAtLeast ?? 0) > 1));
  return [
    `No reduction is shown for ${listed(none.map(({ strategy }) => strategy))}: the run is too short for that.`,
  ];
}

function powerSentences(result: RunResult): string[] {
  const silences = comparedIn(result).flatMap(({ silence, strategy, control }) =>
    silence === null ? [] : [{ ...silence, strategy, control }],
  );
  const [first] = silences;
  if (first === undefined) return [];
  const weakest = silences.reduce((least, each) => (each.power < least.power ? each : least), first);
  const { strategy, control, power, powerInBursts } = weakest;
  const which = silences.length === 1 ? strategy : `${strategy}, the weakest case,`;
  return [
    `Had ${which} left 1/${grouped(weakest.fold)} of the rate of ${control}, this run would have shown it with probability ` +
      `${probability(power)} (${probability(powerInBursts)} if violations came in bursts).`,
  ];
}

/** Schedules that explore has found for an arm, the control's first, unless another result shows them. */
function witnessOf({ arms, config }: RunResult, context: Context): string[] {
  const { replays, shown, nextWitness } = context;
  return arms
    .flatMap(({ strategy, proof, expectation }) => {
      const schedule = proof?.witness ?? null;
      // One of a control tells the race; each one of a fix matters.
      if (schedule === null || shown.has(schedule)) return [];
      const run = playedRun(replays, { schedule, strategy: null });
      const twin = twinOf(config.scenario, strategy);
      return run === null ? [] : [{ schedule, run, twin, strategy, expectation, proof }];
    })
    .filter(({ expectation }, index) => expectation === 'holds' || index === 0)
    .map(({ schedule, run, twin, proof }) => {
      const id = nextWitness();
      shown.set(schedule, id);
      const title = `How ${run.strategy} violates: ${proof?.invariants[0] ?? ''}`;
      const beside = twin === null ? null : playedRun(replays, { schedule, strategy: twin });
      return stepperMarkup({ title, schedule, preemptions: null, run, twin: beside }, id);
    });
}
