/**
 * What does one kernel operation that meets nobody cost under each strategy, on this thread? As `compare` measures it, for
 * longer: see src/study/operation-cost.ts.
 */
import { loadStrategy } from '../src/fix/plug-in/load.ts';
import { PAGES_DEFAULT } from '../src/scenario/setting.ts';
import { operationBench, type OperationName } from '../src/study/operation-cost.ts';
import { type Row, rowsOf } from './batched.ts';

const TIME_MS = 400;

export async function operationsSuite(strategy: string, name: OperationName): Promise<Row[]> {
  const how = { name, timeMs: TIME_MS };
  return rowsOf(operationBench(await loadStrategy(strategy), PAGES_DEFAULT, how));
}
