/** The page of `explain`: what one violation on threads was. */
import type { ExplainResult } from '../../../study/explain-result.ts';
import { counted, grouped, short } from '../../number.ts';
import { scenarioText } from '../../scenario-text.ts';
import { measuredFacts } from '../facts.ts';
import { type Context, NO_ANSWER, type Part } from '../part.ts';
import { playedRun, twinOf } from '../replays.ts';
import type { Run } from '../witness/run.ts';
import { stepperMarkup } from '../witness/stepper.ts';
import { orderingSuffix } from '../../ordering-text.ts';
import { block, sentences } from './block.ts';

/** What the page has of it. */
export function explainPart(result: ExplainResult): Part {
  const { config, arms, environment } = result;
  const strategy = arms[0]?.strategy ?? config.strategies[0] ?? '';
  return {
    question: `What was a violation of ${strategy} that threads have shown?`,
    facts: [
      ['scenario', `${scenarioText(config)}, start ${config.start}, ${config.actors}`],
      ...measuredFacts(result, { environment, seed: config.seed }),
    ],
    answer: { ...NO_ANSWER, hardware: [seenText(result, strategy)] },
    body: (context) => [witnessOf(result, strategy, context), block('Notes', sentences(result.notices))],
  };
}

function seenText(
  { verdict, observed, explanation, arms, lost, config, calibration }: ExplainResult,
  strategy: string,
): string {
  const under = orderingSuffix(config.ordering);
  const trials = counted(arms[0]?.trials ?? 0, 'trial', short);
  switch (verdict) {
    case 'explained': {
      const logged = observed?.logs.reduce((sum, { results }) => sum + results.length, 0) ?? 0;
      const how = `${counted(explanation?.steps.length ?? 0, 'step')} with ${counted(explanation?.preemptions ?? 0, 'preemption')}`;
      return (
        `Threads violated ${strategy}${under} (${observed?.invariant ?? ''} ${observed?.title ?? ''}); a schedule of ${how} ` +
        `agrees with the ${grouped(logged - (explanation?.uncompared ?? 0))} results that its actors logged.`
      );
    }
    case 'contradicted':
      return `Threads did what the model${under} cannot do: a violation of ${strategy} that no schedule explains.`;
    case 'unexplained':
      return observed === null
        ? `${counted(lost, 'violation')} of ${strategy}, each with a log too long to be kept.`
        : calibration?.shows === 'other-order'
          ? `Threads violated ${strategy}, and did before the run what no x86-64 does: that explains nothing.`
          : `Threads violated ${strategy}${under}; the search for a schedule that explains it was ended by its limit.`;
    case 'clean':
    case 'inconclusive':
      return `No violation of ${strategy}${under} in ${trials}: nothing to explain.`;
  }
}

function witnessOf(
  { explanation, observed, actors, config }: ExplainResult,
  strategy: string,
  { replays, nextWitness, shown }: Context,
): string {
  if (explanation === null || observed === null) return '';
  const { schedule, preemptions, steps, precededBy } = explanation;
  const id = nextWitness();
  if (!shown.has(schedule)) shown.set(schedule, id);
  const what =
    precededBy === null
      ? `${observed.title} (${observed.invariant})`
      : `${precededBy}, before ${observed.invariant}`;
  const run: Run = {
    strategy,
    actors,
    steps,
    end: { tone: 'bad', word: 'BUG', text: [`${steps.at(-1)?.label ?? ''}: ${what}`, observed.origin] },
  };
  const twin = twinOf(config.scenario, strategy);
  const beside = twin === null ? null : playedRun(replays, { schedule, strategy: twin });
  const title = `Seen on threads: ${observed.invariant} ${observed.title}`;
  return stepperMarkup({ title, schedule, preemptions, run, twin: beside }, id);
}
