/** The page of `mutate`: steps against changes, each cell with what becomes of that mutant, and the way to its witness. */
import type { MutantResult, MutateResult } from '../../../study/mutate-result.ts';
import { counted, elapsed, listed, percent } from '../../number.ts';
import { orderingSuffix } from '../../ordering-text.ts';
import { element, escaped } from '../../saved/markup.ts';
import { measuredFacts } from '../facts.ts';
import { type Context, NO_ANSWER, type Part } from '../part.ts';
import { playedRun } from '../replays.ts';
import { tableMarkup } from '../table.ts';
import { stepperMarkup } from '../witness/stepper.ts';
import { block, sentences } from './block.ts';

/** Columns in this order; another change comes behind them. */
const CHANGES = ['drop', 'later', 'split', 'unlocked', 'relaxed', 'true', 'false'] as const;
/** `as-3`: the step gives another value. */
const AS_VALUE = /^as-/;
const VALUE_COLUMN = 'another value';

/** What the page has of the mutants of a strategy. */
export function mutatePart(result: MutateResult): Part {
  const { config, strategy, mutants, environment, score } = result;
  const scenario = config.ladder[0]?.scenario ?? '';
  const equivalent = mutants.filter(({ explore }) => explore?.verdict === 'equivalent').length;
  return {
    question: `Does every step of ${strategy} matter?`,
    facts: [['scenario', scenario], ...measuredFacts(result, { environment, seed: config.seed })],
    answer: {
      ...NO_ANSWER,
      proof: [
        `Explore${orderingSuffix(config.ladder[0]?.ordering)} kills ${score.killedByExplore} of ${counted(mutants.length, 'mutant')} of ${strategy}; ${equivalent} cannot be told ` +
          'from the original in any setting that reaches the step.',
      ],
      hardware:
        score.share === null
          ? []
          : [
              `Threads kill ${score.killedByStress} of those ${score.killedByExplore} within ${elapsed(config.stressMs)} each: ` +
                `${percent(Math.round(score.share * 1000) / 1000)}.`,
            ],
    },
    body: (context) => bodyOf(result, context),
  };
}

function bodyOf(result: MutateResult, context: Context): string[] {
  const { mutants, config, fixed } = result;
  const ids = new Map<string, string>();
  const steppers = mutants.flatMap((mutant) => {
    const schedule = mutant.explore?.witness?.schedule;
    const run = schedule === undefined ? null : playedRun(context.replays, { schedule, strategy: null });
    if (schedule === undefined || run === null) return [];
    const id = context.nextWitness();
    ids.set(mutant.id, id);
    const beside = playedRun(context.replays, { schedule, strategy: config.strategy });
    const title = `${mutant.function}: ${mutant.step}, ${mutant.change}`;
    const preemptions = mutant.explore?.witness?.preemptions ?? null;
    return [
      element('details', { class: 'folded' }, [
        element('summary', {}, [escaped(`${title}: ${listed(mutant.explore?.invariants ?? [])}`)]),
        stepperMarkup({ title, schedule, preemptions, run, twin: beside }, id, 4),
      ]),
    ];
  });
  const reasons = new Map<string, number>();
  for (const { change, reason } of fixed) {
    const text = `${change === 'any' ? 'not changed' : 'not moved'}: ${reason}`;
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
  }
  return [
    block(
      'Mutants',
      gridOf(mutants, ids),
      sentences([
        'Killed: some schedule violates the named invariants, so that the step matters; the link leads to one. Same: no schedule of any ' +
          'setting that reaches the step violates. Below: what threads made of it.',
        ...[...reasons].map(([reason, count]) => `${counted(count, 'step')} ${reason}.`),
      ]),
    ),
    block('Witnesses of the mutants that are killed', ...steppers),
  ];
}

function gridOf(mutants: readonly MutantResult[], ids: ReadonlyMap<string, string>): string {
  const columnOf = (change: string): string => (AS_VALUE.test(change) ? VALUE_COLUMN : change);
  const known = new Set<string>(mutants.map(({ change }) => columnOf(change)));
  const columns = [...new Set([...CHANGES.filter((change) => known.has(change)), ...known])];
  const rows = grouped(mutants);
  return tableMarkup({
    caption: 'Steps of the strategy, and what becomes of it when one of them is changed',
    columns: [{ header: 'step' }, ...columns.map((header) => ({ header }))],
    rows: [...rows].map(([, same]) => ({
      cells: [
        {
          markup:
            element('code', {}, [escaped(same[0]?.step ?? '')]) +
            element('span', { class: 'inside' }, [escaped(`in ${same[0]?.function ?? ''}`)]),
        },
        ...columns.map((column) => ({
          markup: same
            .filter(({ change }) => columnOf(change) === column)
            .map((mutant) => cellOf(mutant, ids.get(mutant.id), column === VALUE_COLUMN))
            .join(''),
        })),
      ],
    })),
  });
}

function grouped(mutants: readonly MutantResult[]): Map<string, MutantResult[]> {
  const rows = new Map<string, MutantResult[]>();
  for (const mutant of mutants) {
    const key = `${mutant.function}\n${mutant.step}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [mutant]);
    else row.push(mutant);
  }
  return rows;
}

const WORDS = { killed: 'killed', equivalent: 'same', vacuous: 'vacuous', bounded: 'cut' } as const;

function cellOf(mutant: MutantResult, id: string | undefined, isNamed: boolean): string {
  const { explore, change } = mutant;
  const verdict = explore?.verdict;
  const word = verdict === undefined ? 'not known' : WORDS[verdict];
  const killers = verdict === 'killed' ? ` ${explore?.invariants.join(' ') ?? ''}` : '';
  const text = escaped(`${isNamed ? `${change.replace(AS_VALUE, '')}: ` : ''}${word}${killers}`);
  return element('div', { class: `mutant ${verdict ?? 'bounded'}` }, [
    id === undefined ? text : element('a', { href: `#${id}` }, [text]),
    element('span', { class: 'threads' }, [escaped(threadsText(mutant))]),
  ]);
}

function threadsText({ stress, explore }: MutantResult): string {
  if (stress === null) return '';
  if (stress.killed) {
    const delayed = Object.keys(stress.delays).length > 0 ? ', delayed' : '';
    return `threads: ${elapsed(stress.timeToKillMs ?? 0)}${delayed}`;
  }
  if (stress.changes === 0) return 'threads: not reached';
  return explore?.verdict === 'killed' ? 'threads: missed' : 'threads: silent';
}
