/**
 * Tables of the steps of operations, written from kernel-7.3.md section 2 and the kernels' sources: per line the kind of an access and
 * its field. A table is of v7.3; where other kernels differ, a line says so:
 *
 *     test_and_clear_bit eb0.bflags:IN_TREE [6.12]
 *     atomic_read eb0.writeback_inhibitors [since 7.2]
 *     folios {                                     once for each folio, `folio` being the one; `otherFolios`: but the first
 *       READ_ONCE folio.mapping
 *     }
 *
 * Of kernel 6.12, an atomic_t takes the place of each refcount_t; of a lock that lockdep is asked about, the question is a read.
 */
import type { ExtentBuffer } from '../../../../src/subject/extent-buffer/v7.3/extent-buffer.ts';
import { type KernelName, kernelNames } from '../../../../src/subject/extent-buffer/v7.3/kernel.ts';
import type { BufferAtStart, Reset } from '../../../../src/subject/extent-buffer/v7.3/scenarios/starts.ts';
import type { TodayWorld } from '../../../helpers/today-world.ts';
import type { WordValue } from '../../../helpers/test-world.ts';

/** An operation alone, and what it does. */
export interface OperationSteps {
  /** The section of the specification, the function, and what it meets. */
  readonly title: string;
  /** @default all that differ in what is shown: 6.12, 6.18 and 7.3 */
  readonly kernels?: readonly KernelName[];
  readonly start: BufferAtStart | Reset;
  /** Words that are otherwise; `folio.flags` of each folio. */
  readonly set?: Readonly<Record<string, WordValue>>;
  readonly play: (model: ExtentBuffer, world: TodayWorld) => unknown;
  /** What somebody else does in front of the step with that text, once. */
  readonly before?: readonly [step: string, act: (world: TodayWorld) => unknown];
  /** What somebody else does where the operation waits. */
  readonly onBlocked?: (world: TodayWorld) => unknown;
  readonly steps: string;
}

/** The kernels whose tables differ. */
export const KERNELS: readonly KernelName[] = ['6.12', '6.18', '7.3'];

const LINE = /^(?<step>\S+(?: [^[\s]\S*)?)(?: \[(?<bound>since|until)? ?(?<kernel>[\d.]+)\])?$/;

/** 6.12 has atomic_t; its old value is taken by an increment as the model has it, where the kernel does not ask for it. */
const OF_ATOMICS: ReadonlyMap<string, readonly string[]> = new Map([
  ['refcount_read', ['atomic_read']],
  ['refcount_set', ['atomic_set']],
  ['refcount_inc', ['atomic_fetch_inc']],
  ['refcount_inc_not_zero', ['atomic_inc_not_zero']],
  ['refcount_dec', ['atomic_dec']],
  ['refcount_dec_and_test', ['atomic_dec_and_test']],
  // A relaxed clear_bit with a full barrier behind it, and the wake-up.
  ['clear_and_wake_up_bit', ['clear_bit']],
]);

/** The steps that a table says, of a kernel and with so many folios. */
export function stepsOf(table: string, kernel: KernelName, folios: number): readonly string[] {
  const lines = table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return unrolled(lines, folios).flatMap((line) => stepOf(line, kernel));
}

function unrolled(lines: readonly string[], folios: number): readonly string[] {
  const begin = lines.findIndex((line) => line.endsWith('olios {'));
  if (begin < 0) return lines;
  const end = lines.indexOf('}', begin);
  const loop = lines.slice(begin + 1, end);
  const first = lines[begin] === 'otherFolios {' ? 1 : 0;
  const turns = Array.from({ length: folios - first }, (_, index) =>
    loop.map((line) => line.replace(/\bfolio\b/, `folio${index + first}`)),
  );
  return [...lines.slice(0, begin), ...turns.flat(), ...unrolled(lines.slice(end + 1), folios)];
}

function stepOf(line: string, kernel: KernelName): readonly string[] {
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) throw new RangeError(`'${line}' is no line of a table`);
  const { step = '', bound, kernel: other } = groups;
  if (other !== undefined && !isMeant(kernel, bound, other)) return [];
  const [access = '', ...field] = step.split(' ');
  const known = access === 'lockdep_assert_held' ? ['READ_ONCE'] : undefined;
  const accesses = known ?? (kernel === '6.12' ? OF_ATOMICS.get(access) : undefined) ?? [access];
  return accesses.map((each) => [each, ...field].join(' '));
}

function isMeant(kernel: KernelName, bound: string | undefined, other: string): boolean {
  const place = kernelNames.findIndex((name) => name === other);
  if (place < 0) throw new RangeError(`there is no kernel '${other}'`);
  const at = kernelNames.indexOf(kernel);
  if (bound === undefined) return at === place;
  return bound === 'since' ? at >= place : at <= place;
}
