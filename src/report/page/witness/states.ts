/** The state beside a schedule: what stands where after each step, in rows that are the same for all of them. */
import type { ReplayStep } from '../../../explore/witness/replay-step.ts';
import { columnLabel } from '../../replay-report.ts';

/** What the script of the page takes: names and values as text. */
export interface States {
  readonly rows: readonly string[];
  /** Before the first step; null where that is not known. */
  readonly initial: readonly (string | null)[];
  readonly steps: readonly {
    /** In the order of the rows. */
    readonly values: readonly string[];
    readonly locks: readonly (readonly [name: string, owner: string])[];
    readonly changes: readonly Change[];
  }[];
}

/** What stands there while a structure is not in use. */
const ABSENT = 'not in use';

/** The columns of the scenario; where it declares none, all words that any step changes. */
export function statesOf(steps: readonly ReplayStep[]): States {
  const hasColumns = steps.some(({ after }) => after.buffers !== undefined);
  const { rows, initial, values } = hasColumns ? ofBuffers(steps) : ofWords(steps);
  return {
    rows,
    initial,
    steps: steps.map(({ after, changes }, index) => ({
      values: values[index] ?? [],
      locks: after.locks.map(({ name, owner }) => [name, owner] as const),
      changes: changesOf({ changes }),
    })),
  };
}

/** A changed word, or a bit of it: its name, and what stood there before and after. */
export type Change = readonly [name: string, before: string, after: string];

/** What stands in a word of flags: `0`, or bits by name. */
const FLAGS = /^(?:0|[A-Z]\w*(?:\|\w+)*)$/;
const POISONED = 'POISON';

/** What a step changes: of flags the bits that differ. */
export function changesOf({ changes }: Pick<ReplayStep, 'changes'>): Change[] {
  return changes.flatMap(({ word, before, after }): Change[] => {
    const values = [before, after];
    const areFlags =
      values.every((value) => FLAGS.test(value) && value !== POISONED && value !== 'NULL') &&
      values.some((value) => value !== '0');
    if (!areFlags) return [[word, before, after]];
    const [old, now] = [bitsOf(before), bitsOf(after)];
    const differing = [...new Set([...old, ...now])].filter((bit) => old.has(bit) !== now.has(bit));
    return differing.map((bit) => [
      `${word}:${bit}`,
      old.has(bit) ? 'set' : 'clear',
      now.has(bit) ? 'set' : 'clear',
    ]);
  });
}

function bitsOf(value: string): Set<string> {
  return new Set(value === '0' ? [] : value.split('|'));
}

interface Rows extends Pick<States, 'rows' | 'initial'> {
  readonly values: readonly (readonly string[])[];
}

function ofBuffers(steps: readonly ReplayStep[]): Rows {
  const keys = new Map<string, readonly [name: string, field: string]>();
  for (const { after } of steps) {
    for (const { name, ...fields } of after.buffers ?? []) {
      for (const field of Object.keys(fields)) keys.set(`${name}\n${field}`, [name, field]);
    }
  }
  const columns = [...keys.values()];
  const values = steps.map(({ after }) =>
    columns.map(([name, field]) => {
      const buffer = after.buffers?.find((each) => each.name === name);
      const value = buffer !== undefined && Object.hasOwn(buffer, field) ? buffer[field] : undefined;
      if (value === undefined) return ABSENT;
      return typeof value === 'boolean' ? (value ? 'set' : 'clear') : String(value);
    }),
  );
  // A step that changes nothing leaves all as it was.
  const isKnown = steps[0]?.changes.length === 0;
  return {
    rows: columns.map(([name, field]) => `${name} ${columnLabel(field)}`),
    initial: columns.map((_, row) => (isKnown ? (values[0]?.[row] ?? null) : null)),
    values,
  };
}

function ofWords(steps: readonly ReplayStep[]): Rows {
  const initial = new Map<string, string>();
  for (const { changes } of steps) {
    for (const { word, before } of changes) if (!initial.has(word)) initial.set(word, before);
  }
  const now = new Map(initial);
  const values = steps.map(({ changes }) => {
    for (const { word, after } of changes) now.set(word, after);
    return [...now.values()];
  });
  return { rows: [...initial.keys()], initial: [...initial.values()], values };
}
