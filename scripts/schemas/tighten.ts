/**
 * What a type in TypeScript does not say of its values: counts and durations are not negative, counts are whole, and no text has
 * characters that cannot be seen or begins a tag.
 */
import type { Schema } from 'ts-json-schema-generator';

/** Numbers that may be below 0: offsets of a start, what steps returned, words of memory, and bits of a word as one has them with a sign. */
const SIGNED = new Set([
  'offsetNs',
  'offsets',
  'fromNs',
  'toNs',
  'rangeNs',
  'results',
  'result',
  'note',
  'from',
  'to',
  'value',
  'values',
  'before',
  'after',
]);

/** Numbers that are whole. */
const WHOLE = new Set([
  'arm',
  'blocks',
  'checks',
  'count',
  'hits',
  'instance',
  'instances',
  'lastToucher',
  'looks',
  'noted',
  'notes',
  'order',
  'outcomes',
  'planned',
  'preemptions',
  'processors',
  'race',
  'races',
  'round',
  'seed',
  'sleeps',
  'start',
  'starts',
  'states',
  'sweep',
  'total',
  'transitions',
  'trials',
  'violations',
]);

/** Characters that move the cursor, turn the direction or have no look of their own, lone halves of a pair, and where a tag begins. */
const UNSEEN = '[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]|<[A-Za-z/!?]';
/** Names of what every object has: as names of what a file has they are a trap. */
const INHERITED = '^(?:__proto__|constructor|prototype)$';

type Node = Readonly<Record<string, unknown>>;

/** The schema with all of that. */
export function tightened(schema: Schema): Node {
  return nodeOf({ ...schema }, '');
}

/** `name` is that of the property which it is of, or in. */
function nodeOf(node: Node, name: string): Node {
  const { type } = node;
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) own[key] = partOf(key, value, name);
  if (isOfType(type, 'number') && !SIGNED.has(name)) own['minimum'] = 0;
  if (type === 'number' && WHOLE.has(name)) own['type'] = 'integer';
  const isOpenText = node['const'] === undefined && node['enum'] === undefined;
  if (isOfType(type, 'string') && isOpenText) own['not'] = { type: 'string', pattern: UNSEEN };
  if (isNode(node['additionalProperties'])) own['propertyNames'] = { not: { pattern: `${UNSEEN}|${INHERITED}` } };
  return own;
}

function partOf(key: string, value: unknown, name: string): unknown {
  if (key === 'properties' && isNode(value)) {
    return Object.fromEntries(Object.entries(value).map(([own, part]) => [own, isNode(part) ? nodeOf(part, own) : part]));
  }
  if (key === 'definitions' && isNode(value)) {
    return Object.fromEntries(Object.entries(value).map(([own, part]) => [own, isNode(part) ? nodeOf(part, '') : part]));
  }
  if (key === 'enum' || key === 'const' || key === 'required') return value;
  if (Array.isArray(value)) return value.map((part: unknown) => (isNode(part) ? nodeOf(part, name) : part));
  return isNode(value) ? nodeOf(value, name) : value;
}

function isOfType(type: unknown, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
