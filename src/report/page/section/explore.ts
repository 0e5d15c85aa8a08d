/** The page of `explore`: all schedules, or some at random. */
import type { ExploreResult, Witness as Found } from '../../../explore/explore.ts';
import { actorsText } from '../../../scenario/role-count.ts';
import { vacuityReasons } from '../../never-reached-text.ts';
import { counted, grouped, listed, short } from '../../number.ts';
import { pageCount } from '../../pages-text.ts';
import { scenarioText } from '../../scenario-text.ts';
import { element, escaped } from '../../saved/markup.ts';
import type { ExploreSaved, RandomExploreSaved } from '../../saved/saved-result.ts';
import { actorLabels } from '../actor-labels.ts';
import { measuredFacts } from '../facts.ts';
import { type Context, NO_ANSWER, type Part } from '../part.ts';
import { playedRun, twinOf } from '../replays.ts';
import { endOfViolation } from '../witness/run.ts';
import { stepperMarkup } from '../witness/stepper.ts';

type Violations = readonly {
  readonly invariant: string;
  readonly title: string;
  readonly origin: string;
  readonly witness: Omit<Found, 'moves'> | null;
}[];

/** What the page has of a search. */
export function explorePart(result: ExploreSaved): Part {
  const { strategy } = result;
  return {
    question: `Can any schedule violate ${strategy}?`,
    facts: settingFacts(result),
    answer: { ...NO_ANSWER, proof: [proofText(result)] },
    body: (context) => witnesses(result, context),
  };
}

/** What the page has of random schedules. */
export function randomPart(result: RandomExploreSaved): Part {
  const { strategy, schedules, seed, verdict, violations } = result;
  const found =
    verdict === 'violated'
      ? `some of them violate ${listed(violations.map(({ invariant }) => invariant))}`
      : 'none of them violates, which proves nothing';
  return {
    question: `Do random schedules violate ${strategy}?`,
    facts: [...settingFacts(result), ['seed', String(seed)]],
    answer: {
      ...NO_ANSWER,
      proof: [`${counted(schedules, 'random schedule', short)} of ${strategy} were played: ${found}.`],
    },
    body: (context) => witnesses(result, context),
  };
}

function settingFacts(result: ExploreSaved | RandomExploreSaved): Part['facts'] {
  const { start, actors, pages, pagesAre } = result;
  return [
    [
      'scenario',
      `${scenarioText(result)}, start ${start}, ${actorsText(actors)}${pageCount(pages, pagesAre)}`,
    ],
    ...measuredFacts(result, { environment: result.environment }),
  ];
}

function proofText(result: ExploreResult): string {
  const { strategy, verdict, states, interleavings, violations, endedBy } = result;
  const many = interleavings === null ? '' : `, ${counted(Number(interleavings), 'schedule', short)}`;
  const all = `every interleaving of ${strategy} (${counted(states, 'state')}${many})`;
  switch (verdict) {
    case 'holds':
      return `Explore searched ${all}: no schedule violates.`;
    case 'violated':
      return `Explore searched ${result.complete ? all : `${grouped(states)} states of ${strategy}`}: some schedules violate ${listed(
        violations.map(({ invariant, title }) => `${invariant} ${title}`),
      )}.`;
    case 'vacuous':
      return `Explore searched ${all}, which shows nothing: ${vacuityReasons(result).join('; ')}.`;
    case 'bounded':
      return `The search of ${strategy} was ended by ${endedBy ?? 'a limit'}, which proves nothing.`;
  }
}

function witnesses(
  {
    scenario,
    strategy,
    actors,
    violations,
  }: Pick<ExploreResult, 'scenario' | 'strategy' | 'actors'> & {
    readonly violations: Violations;
  },
  { replays, nextWitness, shown }: Context,
): string[] {
  const twin = twinOf(scenario, strategy);
  return violations.flatMap((violation) => {
    const { witness, invariant, title } = violation;
    if (witness === null)
      return [
        element('p', {}, [escaped(`No schedule that violates ${invariant} was found within the limits.`)]),
      ];
    const above = shown.get(witness.schedule);
    if (above !== undefined) {
      return [
        element('p', {}, [
          element('a', { href: `#${above}` }, [escaped(`Its schedule for ${invariant}`)]),
          ' is the one that stands above.',
        ]),
      ];
    }
    const { schedule, preemptions, steps } = witness;
    const id = nextWitness();
    shown.set(schedule, id);
    const run = { strategy, actors: actorLabels(actors), steps, end: endOfViolation(violation, witness) };
    const beside = twin === null ? null : playedRun(replays, { schedule, strategy: twin });
    return [stepperMarkup({ title: `${invariant} ${title}`, schedule, preemptions, run, twin: beside }, id)];
  });
}
