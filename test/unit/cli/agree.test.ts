import { expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import type { Agreement } from '../../../src/study/agreement.ts';
import { asDeclared, fixViolated } from '../report/sample-results.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

function agreement(verdict: Agreement['verdict']): Agreement {
  return { verdict, arms: [], elapsedMs: 1 };
}

it.each([
  ['agrees', asDeclared, 0],
  ['partial', asDeclared, 2],
  ['disagrees', asDeclared, 70],
  ['agrees', fixViolated, 1],
  ['partial', fixViolated, 1],
  ['disagrees', fixViolated, 70],
] as const)('compare --agree where it %s ends with the worst of both', async (verdict, result, status) => {
  const engine = fakeEngine({ agree: () => ({ ...result, agreement: agreement(verdict) }) });

  expect(await run(['compare', '--agree'], fakeIo(), engine)).toBe(status);
  expect(engine.compared).toEqual([]);
});

it('compare alone does not ask', async () => {
  const engine = fakeEngine();

  await run(['compare'], fakeIo(), engine);

  expect(engine.agreed).toEqual([]);
});
