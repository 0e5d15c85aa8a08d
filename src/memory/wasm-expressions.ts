import {
  type Bytes,
  constant,
  I32_ADD,
  I32_AND,
  I32_EQ,
  I32_EQZ,
  I32_GE_U,
  I32_NE,
  I32_OR,
  I32_SHL,
  I32_SHR_U,
  I32_SUB,
  I32_XOR,
  join,
  LOCAL_GET,
  LOCAL_SET,
} from './wasm-encoding.ts';

/** Expressions of 32-bit numbers in WebAssembly, without a branch: each is the code that leaves its value on the stack. */

export function get(local: number): Bytes {
  return [LOCAL_GET, local];
}

/** Gives a local a value, and leaves nothing. */
export function set(local: number, value: Bytes): Bytes {
  return join(value, LOCAL_SET, local);
}

/** A bit: 1 or 0. */
export function bit(value: Bytes, index: number): Bytes {
  return and(shr(value, index), constant(1));
}

/** Of 1 all ones, of 0 none. */
export function negative(value: Bytes): Bytes {
  return join(constant(0), value, I32_SUB);
}

/** All ones for what is not 0, or none. */
export function maskOf(value: Bytes): Bytes {
  return negative(ne(value, constant(0)));
}

export function not(value: Bytes): Bytes {
  return xor(value, constant(-1));
}

export function add(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_ADD);
}

export function sub(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_SUB);
}

export function and(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_AND);
}

export function or(one: Bytes, ...others: readonly Bytes[]): Bytes {
  return others.reduce((joined, other) => join(joined, other, I32_OR), one);
}

export function xor(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_XOR);
}

/** 1 where the two are equal, or 0; the same of the other comparisons. */
export function eq(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_EQ);
}

export function ne(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_NE);
}

export function eqz(value: Bytes): Bytes {
  return join(value, I32_EQZ);
}

/** Of numbers without a sign. */
export function ge(one: Bytes, other: Bytes): Bytes {
  return join(one, other, I32_GE_U);
}

export function shl(value: Bytes, by: number): Bytes {
  return join(value, constant(by), I32_SHL);
}

export function shr(value: Bytes, by: number): Bytes {
  return join(value, constant(by), I32_SHR_U);
}
