/** Generated command lines: see test/fuzz/lines. `npm run fuzz -- lines --count N --seed S` runs any number of them. */
import { expect, it } from 'vitest';
import { failureText, fuzzLines } from '../fuzz/lines/fuzz-lines.ts';
import { documented, objections } from '../fuzz/lines/judge.ts';
import { allOr } from '../helpers/full.ts';

const SEED = 17;
const LINES = 300;
/** Lines that are processes, of which some run on threads. */
const PROCESSES = allOr(24, 16);
const HERE = allOr(LINES - PROCESSES, 180);

it.each([
  ['here', 0, HERE, 1],
  ['process', LINES - PROCESSES, PROCESSES, 2],
] as const)(
  'every generated line ends as documented: %s',
  async (where, from, count, parallel) => {
    const { statuses, failures } = await fuzzLines({ seed: SEED, from, count, where, parallel });

    expect(failures.map(failureText)).toEqual([]);
    expect([...statuses.values()].reduce((sum, ended) => sum + ended, 0)).toBe(count);
    // Neither all refused nor all run: there is something that is tried.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([0, 64]));
  },
  600_000,
);

it('reads the documented statuses of a help text', () => {
  expect(documented('JUnit 2.1\n\nExit status:\n  0 proved, 1 violated, 64 usage\n   70  a fault')).toEqual(
    new Set([0, 1, 64, 70]),
  );
});

it.each([
  ['did not end by itself', { status: null }],
  ['status 3 is not documented', { status: 3 }],
  ['status 130 is not documented', { status: 130 }],
  ['internal error', { status: 70, stderr: 'ebtorture: internal error: x\n' }],
  ['stack trace', { status: 70, stderr: 'ebtorture: x\n    at run (file:///a.js:1:2)\n' }],
  ['a warning of the runtime', { status: 0, stderr: '(node:1) ExperimentalWarning: x\n' }],
  ['fails without a word', { status: 1, stdout: '' }],
  ['refused, but prints on stdout', { status: 64, stderr: 'ebtorture: x\n' }],
  ['refused in 2 lines', { status: 64, stdout: '', stderr: 'ebtorture: x\ny\n' }],
  ['refused in 0 lines', { status: 64, stdout: '', stderr: 'ebtorture: x' }],
  ['what cannot be seen', { status: 64, stdout: '', stderr: 'ebtorture: \u202e\n' }],
  ['--json printed no document', { status: 0, stdout: '{"torn"' }],
])('notices: %s', (expected, ended) => {
  const found = objections(['stress', '--json'], { stdout: '{}', stderr: '', ...ended });

  expect(found.join('; ')).toContain(expected);
  expect(objections(['stress', '--json'], { status: 0, stdout: '{}', stderr: '' })).toEqual([]);
});
