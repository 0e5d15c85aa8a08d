/** What no access may be given, whichever engine is asked for it. */

/**
 * What is wrong with the numbers that an access is given, in one sentence: an Int32Array would take them for something else.
 * `kernel`: its name there.
 */
export function argumentObjection(
  kernel: string,
  isOfBit: boolean,
  address: number,
  operand: number,
  replacement: number,
): string | undefined {
  if (!isWord(address)) return notAnInteger(kernel, address);
  if (!isWord(operand)) return notAnInteger(kernel, operand);
  if (!isWord(replacement)) return notAnInteger(kernel, replacement);
  const isBit = operand >= 0 && operand < 32;
  return isOfBit && !isBit ? `${kernel}(${operand}): a bit has a number from 0 to 31` : undefined;
}

/** Whether a number is one of 32 bits; what is no number must not be made one, which may run code of its own. */
function isWord(value: number): boolean {
  return Number.isInteger(value) && (value | 0) === value;
}

function notAnInteger(kernel: string, value: number): string {
  return `${kernel}(${String(value)}): expected an integer of 32 bits`;
}
