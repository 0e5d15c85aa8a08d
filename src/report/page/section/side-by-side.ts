/** Runs of the same page beside each other: one axis, one row per strategy. Machines and minutes differ: nothing is pooled. */
import type { ArmResult, CompareResult, StressResult } from '../../../stress/result/result.ts';
import { short } from '../../number.ts';
import { isMixed } from '../../run-header.ts';
import { element, escaped } from '../../saved/markup.ts';
import { tail } from '../../wrap.ts';
import { ratesChart, rateText, type RateRow } from '../chart/rates.ts';
import { tableMarkup } from '../table.ts';

/** Longer names keep their end, as those of arms do. */
const NAME_COLUMNS = 18;

/** A run with the name that the page has for it. */
export interface NamedRun {
  readonly name: string;
  readonly result: CompareResult | StressResult;
}

/** The section; nothing for fewer than two. */
export function sideBySide(named: readonly NamedRun[]): string {
  if (named.length < 2) return '';
  const runs = named.map((run, index) => ({ ...run, short: `run ${index + 1}` }));
  const strategies = [...new Set(runs.flatMap(({ result }) => result.arms.map(({ strategy }) => strategy)))];
  const armOf = ({ result }: NamedRun, strategy: string): ArmResult | undefined =>
    result.arms.find((arm) => arm.strategy === strategy);
  const rows = strategies.flatMap((strategy) =>
    runs.flatMap((run): RateRow[] => {
      const arm = armOf(run, strategy);
      if (arm === undefined) return [];
      const isControl = arm.expectation === 'violates';
      const part = `${tail(strategy, NAME_COLUMNS)}, ${run.short}`;
      return [{ name: strategy, part, rate: arm.rate, seen: arm.violations.total, isControl }];
    }),
  );
  const table = tableMarkup({
    caption: 'The same strategies in each run: violations per million trials, and trials per second',
    columns: [
      { header: 'strategy' },
      ...runs.flatMap((run) => [{ header: run.short }, { header: `${run.short}: trials/s`, isNumber: true }]),
    ],
    rows: strategies.map((strategy) => ({
      cells: [
        strategy,
        ...runs.flatMap((run) => {
          const arm = armOf(run, strategy);
          return arm === undefined
            ? ['not run', '-']
            : [rateText(arm.rate, arm.violations.total), short(arm.trialsPerSecond)];
        }),
      ],
    })),
  });
  const legend = runs.map(({ name, short: number, result }) => {
    const { environment, config } = result;
    const commit = environment.commit === null ? '' : `, commit ${environment.commit}`;
    const text = `${number}: ${name}; ${environment.cpuModel}, Node ${environment.node}, seed ${config.seed}${commit}${isMixed(result) ? '; its rates are means over the placements that it mixed' : ''}`;
    return element('li', {}, [escaped(text)]);
  });
  return element('section', { class: 'result', id: 'side-by-side' }, [
    element('h2', {}, ['Side by side']),
    element('ul', { class: 'sentences' }, legend),
    ratesChart(
      rows,
      'The same strategies in each run, violations per million trials with their 95 % intervals.',
    ),
    table,
  ]);
}
