/**
 * What does one kernel operation that meets nobody cost under each strategy, on this thread? As `compare` measures it, for
 * longer: see src/study/operation-cost.ts.
 */
import { loadStrategy } from '../src/fix/plug-in/load.ts';
import { PAGES_DEFAULT } from '../src/scenario/setting.ts';
import { readaheadVsReleasepage } from '../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { operationBench } from '../src/study/operation-cost.ts';
import { type Row, rowsOf } from './batched.ts';

const TIME_MS = 400;

export async function operationsSuite(strategy: string, name: string): Promise<Row[]> {
  const scenario = readaheadVsReleasepage;
  const operation = scenario.costs?.find((each) => each.name === name);
  if (operation === undefined) throw new RangeError(`unknown operation '${name}'`);
  const subject = {
    strategy: await loadStrategy(strategy, scenario.subject),
    scenario,
    pages: PAGES_DEFAULT,
  };
  return rowsOf(operationBench(subject, { operation, timeMs: TIME_MS }));
}
