/** The binary format of WebAssembly, as far as it is needed here: core specification, section 5; threads proposal for 0xfe. */

/** What is encoded: bytes. */
export type Bytes = readonly number[];

export const I32 = 0x7f;
/** A block without a result. */
export const VOID = 0x40;

export const BLOCK = 0x02;
export const LOOP = 0x03;
export const IF = 0x04;
export const ELSE = 0x05;
export const END = 0x0b;
export const BR = 0x0c;
export const BR_IF = 0x0d;
export const CALL = 0x10;
export const DROP = 0x1a;
export const LOCAL_GET = 0x20;
export const LOCAL_SET = 0x21;
export const LOCAL_TEE = 0x22;
export const I32_LOAD = 0x28;
export const I32_STORE = 0x36;
export const I64_STORE = 0x37;
export const I32_CONST = 0x41;
export const I64_CONST = 0x42;
export const I32_EQZ = 0x45;
export const I32_EQ = 0x46;
export const I32_NE = 0x47;
export const I32_GE_U = 0x4f;
export const I32_ADD = 0x6a;
export const I32_SUB = 0x6b;
export const I32_AND = 0x71;
export const I32_OR = 0x72;
export const I32_XOR = 0x73;
export const I32_SHL = 0x74;
export const I32_SHR_U = 0x76;

/** Second bytes of atomic instructions, behind `ATOMIC`. */
export const ATOMIC = 0xfe;
export const ATOMIC_FENCE = 0x03;
export const ATOMIC_LOAD = 0x10;
export const ATOMIC_STORE = 0x17;
export const ATOMIC_ADD = 0x1e;
export const ATOMIC_AND = 0x2c;
export const ATOMIC_OR = 0x33;
export const ATOMIC_EXCHANGE = 0x41;
export const ATOMIC_EXCHANGE_LONG = 0x42;
export const ATOMIC_CMPXCHG = 0x48;

/** Bytes of a WebAssembly page. */
export const PAGE_BYTES = 0x1_0000;

/** A function type of i32 parameters, with an i32 result or none. */
export function functionType(parameters: number, hasResult: boolean): Bytes {
  return [
    0x60,
    ...vector(Array.from({ length: parameters }, () => [I32])),
    ...vector(hasResult ? [[I32]] : []),
  ];
}

/** The import of a shared memory of so many pages, as `memory.words`. */
export function memoryImport(pages: number): Bytes {
  return [...text('memory'), ...text('words'), 0x02, 0x03, ...unsigned(pages), ...unsigned(pages)];
}

/** The import of a function of a type. */
export function functionImport(module: string, name: string, type: number): Bytes {
  return [...text(module), ...text(name), 0x00, ...unsigned(type)];
}

/** The export of a function. */
export function functionExport(name: string, index: number): Bytes {
  return [...text(name), 0x00, ...unsigned(index)];
}

/** The code of a function with so many i32 locals besides its parameters; `body` without its end. */
export function functionBody(locals: number, body: Bytes): Bytes {
  const declared = locals === 0 ? [0x00] : [0x01, ...unsigned(locals), I32];
  return [...unsigned(declared.length + body.length + 1), ...declared, ...body, END];
}

/** A module of these sections. */
export function moduleOf(
  sections: readonly { readonly id: number; readonly content: readonly Bytes[] }[],
): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  for (const { id, content } of sections) {
    const encoded = vector(content);
    bytes.push(id, ...unsigned(encoded.length));
    // One by one: a call has no room for as many arguments as a large function has bytes.
    for (const byte of encoded) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** A module that exports one function, of i32 parameters, on a shared memory of so many pages. */
export function functionOnMemory(options: {
  readonly name: string;
  readonly parameters: number;
  readonly hasResult: boolean;
  /** Besides the parameters. */
  readonly locals: number;
  readonly body: Bytes;
  readonly pages: number;
}): Uint8Array<ArrayBuffer> {
  const { name, parameters, hasResult, locals, body, pages } = options;
  return moduleOf([
    { id: 1, content: [functionType(parameters, hasResult)] },
    { id: 2, content: [memoryImport(pages)] },
    { id: 3, content: [unsigned(0)] },
    { id: 7, content: [functionExport(name, 0)] },
    { id: 10, content: [functionBody(locals, body)] },
  ]);
}

/** How many, and then each of them. */
export function vector(items: readonly Bytes[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

/** A name. */
export function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

/** Pushes a constant. */
export function constant(value: number): Bytes {
  return [I32_CONST, ...signed(value)];
}

/** Pushes two 32-bit numbers as one of 64 bits, as they lie behind each other in memory. */
export function longConstant(first: number, second: number): Bytes {
  let rest = (BigInt(second) << 32n) | BigInt(first >>> 0);
  const bytes: number[] = [I64_CONST];
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** One piece of code after the other. */
export function join(...parts: readonly (number | Bytes)[]): Bytes {
  return parts.flat();
}

/** The operand of a memory instruction: aligned to a word, that many words behind the base. */
export function wordAt(word: number): Bytes {
  return [0x02, ...unsigned(4 * word)];
}

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128, of a 32-bit number. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}
