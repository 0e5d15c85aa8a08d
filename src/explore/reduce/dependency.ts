import { accessKinds, accessNumbered, mayHaveWritten } from '../../memory/access.ts';
import { type AccessKind, isOfWord } from '../../memory/access-kind.ts';
import { type Address, LINE_WORDS, OBJECT_FIELDS, OBJECT_SLAB, POISONED_WORDS } from '../../memory/layout.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import { Kind, kindsThat, type Step } from '../program/step.ts';

/**
 * Which steps of two actors depend on each other: independent ones give the same state in either order, with the same
 * results, and neither makes the other wait or go on.
 *
 * Words are compared bit by bit. Bit operations touch their bit; a free makes it wrong to touch any word of the object, but
 * for readers inside of an RCU section, who do not notice that it is given away. Beyond that, increments and decrements whose results nobody sees commute, as do
 * stores of the same value, and the same bit operation twice.
 */
interface Touch {
  readonly reads: number;
  readonly writes: number;
  /** Touches of equal commuting groups are independent; '' commutes with nothing. */
  readonly commutes: string;
  /** Whether it does not matter to readers inside of an RCU section. */
  readonly sparesReaders?: true;
}

const ALL = -1;
const LOCKED = 1 << PG_LOCKED;

/** Pseudo words: RCU sections and the slab. */
const RCU = -1;
const SLAB = -2;

/** Whether the order of two steps of different actors can matter. */
export function areDependent(one: Step, other: Step): boolean {
  // A fault ends the schedule: what another actor would have violated behind it must be seen before it, too.
  if (one.kind === Kind.Fault || other.kind === Kind.Fault) return true;
  if (isRelaxDependent(one, other) || isRelaxDependent(other, one)) return true;
  if (ALLOCATING.has(one.kind) && touches(other)) return true;
  if (ALLOCATING.has(other.kind) && touches(one)) return true;
  const others = knownTouches(other);
  for (const [address, touch] of knownTouches(one)) {
    const met = others.get(address);
    if (met === undefined) continue;
    if (touch.commutes !== '' && touch.commutes === met.commutes) continue;
    if (touch.sparesReaders === true && other.isInRcu === true) continue;
    if (met.sparesReaders === true && one.isInRcu === true) continue;
    if ((touch.writes & (met.reads | met.writes)) !== 0) return true;
    if ((met.writes & touch.reads) !== 0) return true;
  }
  return false;
}

/** A step that waits for any change depends on every step that may change something but a spin lock. */
function isRelaxDependent(relax: Step, { kind }: Step): boolean {
  return relax.kind === Kind.CpuRelax && STIRRING.has(kind);
}

const STIRRING: ReadonlySet<number> = new Set(
  kindsThat(({ target, writes }) => writes !== 'never' && target !== 'spin-lock'),
);

/** Whether a step with that result may have changed a word. */
export function mayWrite({ kind, operand }: Step, result: number): boolean {
  const access = accessNumbered(kind);
  return access === undefined ? kind === Kind.WriteOwn : mayHaveWritten(access, operand, result);
}

const ALLOCATING: ReadonlySet<number> = new Set(kindsThat(({ target }) => target === 'slab'));

/** An allocation zeroes some object, so that it may depend on whatever touches a word. */
function touches({ kind }: Step): boolean {
  return accessNumbered(kind) !== undefined || kind === Kind.Ghost || kind === Kind.Fault;
}

/** What was worked out before: every step is compared with every other. */
const known = new WeakMap<Step, ReadonlyMap<number, Touch>>();

function knownTouches(step: Step): ReadonlyMap<number, Touch> {
  let found = known.get(step);
  if (found === undefined) {
    found = touchesOf(step);
    known.set(step, found);
  }
  return found;
}

function touchesOf({ kind, address, operand }: Step): ReadonlyMap<number, Touch> {
  const access = accessNumbered(kind) ?? (kind === Kind.Ghost ? 'writeOnce' : undefined);
  if (access === undefined) return new Map();
  const row = accessKinds[access];
  const commutes = row.commutes === undefined ? '' : `${row.commutes} ${operand}`;
  if (isOfWord(row.target))
    return ofWord(row, address, row.operands === 'bit' ? 1 << operand : ALL, commutes);
  switch (row.target) {
    case 'none':
      return new Map();
    case 'section':
      return new Map([[RCU, { reads: ALL, writes: ALL, commutes }]]);
    case 'slab':
    case 'object':
      return slab(row, { address, operand });
    case 'page-lock':
      return ofWord(row, address, LOCKED, commutes);
  }
}

/** `mask`: the bits of the word that it is about. */
function ofWord(
  { reads, writes }: AccessKind,
  address: Address,
  mask: number,
  commutes: string,
): ReadonlyMap<number, Touch> {
  return new Map([[address, { reads: reads ? mask : 0, writes: writes === 'never' ? 0 : mask, commutes }]]);
}

function slab(
  { target, sparesReaders }: AccessKind,
  { address, operand: furtherLines }: Pick<Step, 'address' | 'operand'>,
): ReadonlyMap<number, Touch> {
  const touch = { reads: ALL, writes: ALL, commutes: '' };
  const touched = new Map([
    [SLAB, touch],
    [RCU, touch],
  ]);
  if (target === 'slab') return touched;
  const ofField: Touch = sparesReaders === true ? { ...touch, sparesReaders } : touch;
  for (const field of OBJECT_FIELDS) touched.set(address + field, ofField);
  for (let at = address + LINE_WORDS; at <= address + furtherLines * LINE_WORDS; at += LINE_WORDS)
    for (let word = 0; word < POISONED_WORDS; word++) touched.set(at + word, ofField);
  // A double free reads the state of the object, which nothing but the slab writes.
  return touched.set(address + OBJECT_SLAB, touch);
}
