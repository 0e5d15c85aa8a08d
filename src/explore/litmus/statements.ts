import { type Access, accessKinds, accessNumbered } from '../../memory/access.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import { attemptedKind, Kind, KIND_NAMES } from '../program/step.ts';
import type { Dependencies } from './dependencies.ts';
import { LitmusExportError } from './export-error.ts';
import type { Locations } from './locations.ts';
import type { PathStep } from './witness-paths.ts';

/** A register and what it holds in the witness. */
export interface Pin {
  readonly register: string;
  readonly value: number;
}

/** A step as C. */
export interface Written {
  readonly lines: readonly string[];
  /** What was read. */
  readonly pins: readonly Pin[];
  /** The register of what the step gave as a number, which others may follow from. */
  readonly register?: string;
}

/** How a thread says what it means. */
export interface Writer {
  readonly locations: Locations;
  /** A location as an argument: `x` where it is a parameter, `&x` where it is a variable. */
  readonly argument: (location: string) => string;
  /** A register that is not in use. */
  readonly fresh: () => string;
  /** The word of the block layer that is the actor's alone. */
  readonly mailbox: number;
  /** By place in the path, the register of what a step gave. */
  readonly registerOf: (at: number) => string | undefined;
}

const NOTHING: Written = { lines: [], pins: [] };
/** Accesses that have another name here: those of reference counts, with the order that refcount.h gives them. */
const READS: ReadonlySet<Access> = new Set(['atomicRead', 'refcountRead', 'readOnce', 'waitEvent']);
const STORES: ReadonlySet<Access> = new Set(['atomicSet', 'refcountSet', 'writeOnce']);
const RENAMED: Readonly<Partial<Record<Access, string>>> = {
  smpLoadAcquire: 'atomic_read_acquire',
  smpStoreRelease: 'atomic_set_release',
  refcountInc: 'atomic_fetch_inc_relaxed',
  refcountDec: 'atomic_fetch_dec_release',
  refcountDecAndTest: 'atomic_fetch_dec_release',
};

/**
 * Writes a step.
 * @throws {LitmusExportError} If there is nothing like it in the dialect.
 */
export function written(taken: PathStep, dependencies: Dependencies, writer: Writer): Written {
  const { step } = taken;
  const { kind, address } = step;
  if (kind === Kind.Fault)
    return comment(`BUG: ${KIND_NAMES[attemptedKind(step)] ?? ''} that nobody may make here`);
  if (kind === Kind.ReadOwn) return read('atomic_read', writer.mailbox, taken.result, writer);
  if (kind === Kind.WriteOwn) return line(`atomic_set(${word(writer, writer.mailbox)}, ${step.operand});`);
  const access = accessNumbered(kind);
  if (access === undefined) return NOTHING;
  const { target } = accessKinds[access];
  switch (target) {
    case 'none':
    case 'section':
      return access === 'cpuRelax' ? NOTHING : line(`${accessKinds[access].kernel}();`);
    case 'spin-lock':
      return line(`${accessKinds[access].kernel}(${writer.argument(writer.locations.word(address, true))});`);
    case 'rwsem':
      return ofSemaphore(access, taken, writer);
    case 'page-lock':
      return ofPageLock(access, taken, writer);
    case 'slab':
    case 'object':
      return NOTHING;
    case 'word':
      // That is lockdep_assert_held(), which is no access of the kernel's.
      if (writer.locations.isSpinLock(address)) return comment(`${writer.locations.name(address)} is held`);
      return ofWord(access, taken, dependencies, writer);
  }
}

function ofWord(access: Access, taken: PathStep, dependencies: Dependencies, writer: Writer): Written {
  const { step, result } = taken;
  const { address, operand } = step;
  const { kernel, operands, gives } = accessKinds[access];
  const name = RENAMED[access] ?? kernel;
  if (operands === 'bit') return ofBit(access, taken, writer);
  if (READS.has(access)) return read('atomic_read', address, result, writer);
  if (access === 'smpLoadAcquire') return read(name, address, result, writer);
  const value = operandText(operand, dependencies.operand, taken, writer);
  const at = word(writer, address);
  if (STORES.has(access)) return line(`atomic_set(${at}, ${value});`);
  if (access === 'smpStoreRelease') return line(`${name}(${at}, ${value});`);
  if (access === 'refcountIncNotZero') return incNotZeroRelaxed(at, result, writer);
  if (access === 'atomicIncNotZero') return giving(`atomic_add_unless(${at}, 1, 0)`, result, writer);
  if (operands === 'exchange') {
    const other = operandText(step.replacement, dependencies.replacement, taken, writer);
    return giving(`${name}(${at}, ${value}, ${other})`, valueOf(access, taken, writer), writer);
  }
  const call = operands === 'none' ? `${name}(${at})` : `${name}(${ordered(access, at, value)})`;
  if (gives === 'nothing') return line(`${call};`);
  const given = giving(call, valueOf(access, taken, writer), writer);
  // What refcount_dec_and_test has behind a fall to zero: smp_acquire__after_ctrl_dep().
  return access === 'refcountDecAndTest' && result === 1
    ? { ...given, lines: [...given.lines, `if (${given.register ?? ''} == 1)`, '\tsmp_rmb();'] }
    : given;
}

/** Exchanges have their value behind the location, sums and masks before it. */
function ordered(access: Access, at: string, value: string): string {
  return accessKinds[access].kernel.includes('xchg') ? `${at}, ${value}` : `${value}, ${at}`;
}

function valueOf(access: Access, { step, result }: PathStep, { locations }: Writer): number {
  return accessKinds[access].gives === 'number' ? locations.value(step.address, result) : result;
}

/** What a step gives in a register of its own, which is pinned. */
function giving(call: string, value: number, { fresh }: Writer): Written {
  const register = fresh();
  return { lines: [`${register} = ${call};`], pins: [{ register, value }], register };
}

function read(name: string, address: number, result: number, writer: Writer): Written {
  const { locations } = writer;
  const call = `${name}(${word(writer, address)})`;
  if (!locations.isPageFlags(address)) return giving(call, locations.value(address, result), writer);
  return masked(call, ~(1 << PG_LOCKED), result & ~(1 << PG_LOCKED), writer);
}

/** Pins some bits of what is read. */
function masked(call: string, mask: number, value: number, { fresh }: Writer): Written {
  const whole = fresh();
  const register = fresh();
  return {
    lines: [`${whole} = ${call};`, `${register} = ${whole} & ${mask};`],
    pins: [{ register, value }],
    register,
  };
}

function ofBit(access: Access, { step, result }: PathStep, writer: Writer): Written {
  const { address, operand: bit } = step;
  const { locations } = writer;
  if (locations.isPageFlags(address) && bit === PG_LOCKED) {
    if (accessKinds[access].writes !== 'never')
      throw refusal(access, 'the lock of a page is a location of its own');
    return giving(
      `atomic_read(${writer.argument(locations.pageLock(address))})`,
      isSet(access, result),
      writer,
    );
  }
  const at = word(writer, address);
  const mask = locations.mask(address, bit);
  const value = isSet(access, result) * mask;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the accesses of a bit
  switch (access) {
    case 'testBit':
    case 'waitOnBit':
      return masked(`atomic_read(${at})`, mask, value, writer);
    case 'setBit':
      return line(`atomic_or(${mask}, ${at});`);
    case 'clearBit':
      return line(`atomic_andnot(${mask}, ${at});`);
    case 'clearAndWakeUpBit':
      return { lines: ['smp_mb__before_atomic();', `atomic_andnot(${mask}, ${at});`], pins: [] };
    case 'testAndSetBit':
      return masked(`atomic_fetch_or(${mask}, ${at})`, mask, value, writer);
    case 'testAndClearBit':
      return masked(`atomic_fetch_andnot(${mask}, ${at})`, mask, value, writer);
    default:
      throw refusal(access, 'there is nothing like it');
  }
}

/** Of an access that waits, what it waited for: that the bit is clear. */
function isSet(access: Access, result: number): number {
  return access === 'waitOnBit' ? 0 : result;
}

/** refcount_inc_not_zero: ordered by nothing but the control dependency. */
function incNotZeroRelaxed(at: string, result: number, { fresh }: Writer): Written {
  const [found, before, register] = [fresh(), fresh(), fresh()];
  return {
    lines: [
      `${found} = atomic_read(${at});`,
      `if (${found} != 0) {`,
      `\t${before} = atomic_cmpxchg_relaxed(${at}, ${found}, ${found} + 1);`,
      `\tif (${before} == ${found})`,
      `\t\t${register} = 1;`,
      '}',
    ],
    pins: [{ register, value: result }],
  };
}

function ofPageLock(access: Access, { step, result }: PathStep, writer: Writer): Written {
  const at = writer.argument(writer.locations.pageLock(step.address));
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the accesses of a page's lock
  switch (access) {
    case 'lockPage':
      return giving(`atomic_xchg_acquire(${at}, 1)`, 0, writer);
    case 'trylockPage':
      return result === 0
        ? giving(`atomic_read(${at})`, 1, writer)
        : giving(`atomic_xchg_acquire(${at}, 1)`, 0, writer);
    case 'unlockPage':
      return { ...giving(`atomic_xchg_release(${at}, 0)`, 1, writer) };
    case 'waitOnPageLocked':
      return giving(`atomic_read(${at})`, 0, writer);
    default:
      throw refusal(access, 'there is nothing like it');
  }
}

/** A read-write lock by how many hold it, -1 for who writes. */
function ofSemaphore(access: Access, { step, result }: PathStep, writer: Writer): Written {
  const at = word(writer, step.address);
  const whether = (call: string, condition: string): Written => {
    const [found, register] = [writer.fresh(), writer.fresh()];
    return {
      lines: [`${found} = ${call};`, `if (${found} ${condition})`, `\t${register} = 1;`],
      pins: [{ register, value: 1 }],
    };
  };
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the accesses of a read-write lock
  switch (access) {
    case 'downRead':
      return whether(`atomic_fetch_add_acquire(1, ${at})`, '>= 0');
    case 'downReadTrylock':
      return result === 0
        ? whether(`atomic_read(${at})`, '< 0')
        : whether(`atomic_fetch_add_acquire(1, ${at})`, '>= 0');
    case 'upRead':
      return whether(`atomic_fetch_add_release(-1, ${at})`, '> 0');
    case 'downWrite':
      return giving(`atomic_cmpxchg_acquire(${at}, 0, -1)`, 0, writer);
    case 'downWriteTrylock':
      return result === 0
        ? whether(`atomic_read(${at})`, '!= 0')
        : giving(`atomic_cmpxchg_acquire(${at}, 0, -1)`, 0, writer);
    case 'upWrite':
      return whether(`atomic_xchg_release(${at}, 0)`, '< 0');
    default:
      throw refusal(access, 'there is nothing like it');
  }
}

function operandText(
  operand: number,
  dependency: Dependencies['operand'],
  { step }: PathStep,
  { locations, registerOf }: Writer,
): string {
  const value = locations.value(step.address, operand);
  const register = dependency === undefined ? undefined : registerOf(dependency.on);
  if (register === undefined) return String(value);
  const added = dependency?.added ?? null;
  if (added === 0) return register;
  if (added === null || locations.isPointer(step.address)) return `(${register} ^ ${register}) + ${value}`;
  return added < 0 ? `${register} - ${-added}` : `${register} + ${added}`;
}

function word({ locations, argument }: Writer, address: number): string {
  return argument(locations.word(address));
}

function line(text: string): Written {
  return { lines: [text], pins: [] };
}

function comment(text: string): Written {
  return line(`/* ${text} */`);
}

function refusal(access: Access, why: string): LitmusExportError {
  return new LitmusExportError(`${accessKinds[access].kernel} cannot be said in a litmus test: ${why}`);
}
