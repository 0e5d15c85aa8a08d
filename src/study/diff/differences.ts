/** What two results were measured with and on, and where they differ in that. */
import type { DiffDifference } from './diff-result.ts';

/** Two results that are no answers to one question: the message says where they part. */
export class IncomparableError extends Error {
  override readonly name = 'IncomparableError';
}

/** What was asked, by its name in a sentence; undefined and null are that it was not. */
export type Asked = Readonly<Record<string, unknown>>;

/** The parts of a configuration. */
export interface Question {
  /** What has to be equal, or else the two are no answers to one question. */
  readonly equal: Asked;
  /** What one may want to compare. */
  readonly named: Asked;
}

/** The machine and the program: by the field of a document's environment, in the order of a report. */
const MACHINE: Readonly<Record<string, string>> = {
  host: 'host',
  cpuModel: 'processor',
  cpuCount: 'processors',
  coreCount: 'cores',
  kernelRelease: 'kernel of the host',
  platform: 'platform',
  arch: 'architecture',
  node: 'Node',
  v8: 'V8',
  jit: 'JIT compiler',
  version: 'ebtorture',
  commit: 'commit',
};

/** @throws {IncomparableError} If the two were not asked the same. */
export function requireComparable(a: Question, b: Question): void {
  for (const [what, before, after] of pairs(a.equal, b.equal)) {
    throw new IncomparableError(
      `the two differ in ${what}: ${before} and ${after}; they answer no common question`,
    );
  }
}

/** What differs, that which was measured on first. */
export function differencesOf(
  questions: readonly [Question, Question],
  machines: readonly [object | undefined, object | undefined],
): DiffDifference[] {
  const [a, b] = machines.map(machineOf);
  const isOtherNode = a?.['Node'] !== b?.['Node'];
  const onMachine = pairs(a ?? {}, b ?? {}).filter(([what]) => what !== 'V8' || !isOtherNode);
  const asked = pairs(questions[0].named, questions[1].named);
  return [...onMachine, ...asked].map(([what, before, after]) => ({ what, a: before, b: after }));
}

function machineOf(environment: object | undefined): Asked {
  return Object.fromEntries(
    Object.entries(MACHINE).map(([field, what]): readonly [string, unknown] => [
      what,
      environment !== undefined && Object.hasOwn(environment, field)
        ? Reflect.get(environment, field)
        : undefined,
    ]),
  );
}

/** Those that differ, as texts. */
function pairs(a: Asked, b: Asked): (readonly [string, string, string])[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((what) => {
    const [before, after] = [textOf(a[what]), textOf(b[what])];
    return before === after ? [] : [[what, before, after] as const];
  });
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(textOf).join(', ');
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return entries.length === 0
    ? '-'
    : entries
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, each]) => `${name} ${textOf(each)}`)
        .join(', ');
}
