/** What is said of locks that are taken in a circle: as lockdep has it, a warning and no violation. */
import type { LockCycle, LockTaking } from '../memory/lock-order.ts';
import type { ArmResult } from '../stress/result/result.ts';
import { counted, listed } from './number.ts';
import type { Paint } from './paint.ts';
import { wrapped } from './wrap.ts';

/** Between what calls and what is called, and between what is held and what is taken. */
const TO = ' > ';

/** Lines of the report of a search, each circle with its stacks; none where there is no circle. */
export function lockOrderLines(cycles: readonly LockCycle[] | undefined, paint: Paint): string[] {
  if (cycles === undefined || cycles.length === 0) return [];
  return [
    ...cycles.flatMap((cycle) => {
      const [first = '', ...rest] = wrapped(`INTERESTING: ${titleOf(cycle)}`);
      return [
        first.replace('INTERESTING', (word) => paint('unsure', word)),
        ...rest,
        ...cycle.nestings.flatMap(({ actor, held, taken }) => [
          ...wrapped(`${actor} wants ${taken.lock}: ${stackOf(taken)}`, { prefix: '   ' }),
          ...wrapped(`while it holds ${held.lock}: ${stackOf(held)}`, { prefix: '      ' }),
        ]),
        '',
      ];
    }),
    ...wrapped(
      `That is no violation, and the verdict is the same without ${cycles.length === 1 ? 'it' : 'them'}: actors that meet ` +
        'there may deadlock, whether or not any schedule of this setting does.',
    ),
    '',
  ];
}

/** A sentence for each arm in whose sample there are circles. */
export function lockOrderSentences(arms: readonly ArmResult[]): string[] {
  return arms.flatMap(({ strategy, lockOrder = [], coverage }) => {
    if (lockOrder.length === 0) return [];
    const nestings = lockOrder.flatMap((cycle) => cycle.nestings);
    const sample = coverage === undefined ? 'more trials' : counted(coverage.trials, 'more trial');
    return [
      `INTERESTING for ${strategy}: ${listed(lockOrder.map(titleOf))}, in ${sample}, put down step by step: ` +
        `${nestings.map(({ actor, held, taken }) => `${actor} wants ${taken.lock} in ${functionOf(taken)} while it holds ${held.lock}`).join('; ')}. ` +
        'That is no violation.',
    ];
  });
}

/** As lockdep calls it. */
function titleOf({ locks }: LockCycle): string {
  const [first = ''] = locks;
  return locks.length === 1
    ? `possible recursive locking (${first}${TO}${first})`
    : `possible circular locking (${[...locks, first].join(TO)})`;
}

function stackOf({ functions, operation }: LockTaking): string {
  return [...functions, `${operation}()`].join(TO);
}

function functionOf({ functions, operation }: LockTaking): string {
  return functions.at(-1) ?? operation;
}
