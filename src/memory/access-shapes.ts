/** What rows of the table of accesses have in common: see access.ts. */
import type { AccessKind } from './access-kind.ts';
import { PG_LOCKED } from './page-flags.ts';

/** A row that is to be told what it is of, and one that is to be named. */
type Primitive = Omit<AccessKind, 'kernel' | 'target'>;
type Shape = Omit<AccessKind, 'kernel'>;

export const LOCKED: number = 1 << PG_LOCKED;

export const FOUND = (found: number): number => found;
export const RAISED = (found: number): number => (found + 1) | 0;
export const RAISED_UNLESS_ZERO = (found: number): number => (found === 0 ? 0 : RAISED(found));
export const IS_NOT_ZERO = (found: number): number => (found === 0 ? 0 : 1);
export const LOWERED = (found: number): number => (found - 1) | 0;
export const ADDED = (found: number, value: number): number => (found + value) | 0;
export const WITH = (found: number, mask: number): number => found | mask;
export const WITHOUT = (found: number, mask: number): number => found & ~mask;
export const STORED = (_found: number, value: number): number => value;
export const BIT_OF = (found: number, bit: number): number => (found >>> bit) & 1;
export const WITH_BIT = (found: number, bit: number): number => found | (1 << bit);
export const WITHOUT_BIT = (found: number, bit: number): number => found & ~(1 << bit);
export const WITH_LOCK = (flags: number): number => flags | LOCKED;
export const IS_UNLOCKED = (flags: number): boolean => (flags & LOCKED) === 0;
export const IS_CLEAR = (found: number, bit: number): boolean => BIT_OF(found, bit) === 0;
export const IS_NOBODYS = (holders: number): boolean => holders === 0;
export const IS_NO_WRITERS = (holders: number): boolean => holders >= 0;
/** What a read-write lock holds below its first reader: somebody writes. */
export const WRITER = -1;

export const primitive: Primitive = {
  operands: 'none',
  gives: 'nothing',
  reads: false,
  writes: 'never',
  isReadModifyWrite: false,
  maySleep: false,
  ordering: 'none',
};
export const load: Shape = {
  ...primitive,
  target: 'word',
  gives: 'number',
  reads: true,
  ordering: 'relaxed',
  answer: FOUND,
};
export const store: Shape = {
  ...primitive,
  target: 'word',
  operands: 'value',
  writes: 'always',
  isPlainStore: true,
  commutes: '=',
  ordering: 'relaxed',
  leaves: STORED,
};
/** Without a result it is not ordered, with one it is in full (but those of reference counts). */
export const modify: Shape = {
  ...primitive,
  target: 'word',
  reads: true,
  writes: 'always',
  isReadModifyWrite: true,
  ordering: 'relaxed',
};
export const spinLock: Shape = { ...primitive, target: 'spin-lock', reads: true, writes: 'always' };
/** Its readers do not mind each other: as long as one holds it no writer does, so that none of them waits or fails. */
export const ofReader: Shape = {
  ...primitive,
  target: 'rwsem',
  mode: 'read',
  reads: true,
  commutes: 'read',
};
export const ofWriter: Shape = { ...primitive, target: 'rwsem', mode: 'write', reads: true };
export const pageLock: Shape = { ...primitive, target: 'page-lock', reads: true, writes: 'always' };
export const section: Shape = { ...primitive, target: 'section', commutes: 'rcu' };
export const slab: Primitive = { ...primitive, reads: true, writes: 'always' };
/** With a value as its operand. */
export const modifyBy: Shape = { ...modify, operands: 'value' };
/** The same that gives what was there before. */
export const fetch: Shape = { ...modifyBy, gives: 'number', answer: FOUND };
export const fetchAdd: Shape = { ...fetch, leaves: ADDED };
export const exchange: Shape = { ...fetch, leaves: STORED };
export const compare: Shape = {
  ...modify,
  operands: 'exchange',
  gives: 'number',
  writes: 'if-expected',
  leaves: (found: number, expected: number, replacement: number): number =>
    found === expected ? replacement : found,
  answer: FOUND,
};
