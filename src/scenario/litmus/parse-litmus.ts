import {
  type Condition,
  LitmusError,
  type LitmusTest,
  type LitmusThread,
  type Observed,
  observedText,
  type Quantifier,
} from './litmus-test.ts';
import { Tokens } from './litmus-tokens.ts';
import { BodyParser } from './parse-body.ts';
import { ConditionParser, observedIn } from './parse-condition.ts';

/** What a location may be declared as. */
const LOCATION_TYPES: ReadonlySet<string> = new Set([
  'atomic_t',
  'spinlock_t',
  'int',
  'long',
  'unsigned',
  'u32',
]);

interface Read {
  readonly thread: LitmusThread;
  readonly registers: ReadonlySet<string>;
}

/**
 * Reads a test.
 * @throws {LitmusError} With the line, and one sentence on what is wrong there or not read here.
 */
export function parseLitmus(text: string): LitmusTest {
  const tokens = new Tokens(text);
  const dialect = tokens.expectKind('word', "the name of the dialect, 'C'");
  if (dialect !== 'C') throw new LitmusError(1, `expected a test in the dialect C, got '${dialect}'`);
  const name = nameOf(tokens);
  const locations = initial(tokens);
  const read: Read[] = [];
  while (/^P\d+$/.test(tokens.next.text)) read.push(threadFrom(tokens, locations, read.length));
  if (read.length < 2) tokens.refuse(`expected a thread P${read.length}: a test has two at least`);
  const known = { locations, registers: read.map(({ registers }) => registers) };
  const parser = new ConditionParser(tokens, known);
  const shown = shownLocations(tokens, parser);
  const quantifier = quantifierOf(tokens);
  const from = tokens.next;
  const condition = parser.condition();
  if (tokens.next.kind !== 'end') tokens.refuse('expected nothing behind the condition');
  return {
    name,
    locations,
    threads: read.map(({ thread }) => thread),
    quantifier,
    condition,
    conditionText: text.slice(from.from, tokens.next.from).trim().replaceAll(/\s+/g, ' '),
    observed: observedOf(condition, shown),
  };
}

/** Up to the initial state: names have signs in them, and some tests a text behind. */
function nameOf(tokens: Tokens): string {
  const { line } = tokens.next;
  const from = tokens.next.from;
  let to = from;
  while (tokens.next.line === line && !tokens.isNext('{') && tokens.next.kind !== 'end')
    ({ to } = tokens.take());
  if (to === from) tokens.refuse('expected the name of the test');
  return tokens.text.slice(from, to);
}

function initial(tokens: Tokens): Map<string, number> {
  const locations = new Map<string, number>();
  tokens.expect('{');
  while (!tokens.takeIf('}')) {
    if (tokens.takeIf(';')) continue;
    while (LOCATION_TYPES.has(tokens.next.text)) tokens.take();
    const isIndexed = tokens.takeIf('[');
    const { line } = tokens.next;
    const name = tokens.expectKind('word', 'a location');
    if (isIndexed) tokens.expect(']');
    if (locations.has(name)) throw new LitmusError(line, `'${name}' has a value already`);
    locations.set(name, tokens.takeIf('=') ? initialValue(tokens) : 0);
    if (!tokens.isNext('}')) tokens.expect(';');
  }
  return locations;
}

/** `1`, `-1` or `ATOMIC_INIT(1)`. */
function initialValue(tokens: Tokens): number {
  const isCall = tokens.takeIf('ATOMIC_INIT');
  if (isCall) tokens.expect('(');
  const sign = tokens.takeIf('-') ? -1 : 1;
  const value = (sign * Number(tokens.expectKind('number', 'a number'))) | 0;
  if (isCall) tokens.expect(')');
  return value;
}

/** Adds to `locations` what is not there yet: it holds 0. */
function threadFrom(tokens: Tokens, locations: Map<string, number>, index: number): Read {
  const { text: name, line } = tokens.take();
  if (name !== `P${index}`) throw new LitmusError(line, `expected P${index}, got '${name}'`);
  const parameters = new Set<string>();
  tokens.expect('(');
  while (!tokens.takeIf(')')) {
    if (parameters.size > 0) tokens.expect(',');
    if (!LOCATION_TYPES.has(tokens.next.text)) tokens.refuse('expected a parameter such as atomic_t *x');
    while (LOCATION_TYPES.has(tokens.next.text)) tokens.take();
    tokens.expect('*');
    const parameter = tokens.expectKind('word', 'the name of a location');
    parameters.add(parameter);
    if (!locations.has(parameter)) locations.set(parameter, 0);
  }
  const parser = new BodyParser(tokens, parameters);
  const body = parser.block();
  return { thread: { name, body }, registers: parser.registers };
}

function shownLocations(tokens: Tokens, parser: ConditionParser): Observed[] {
  const shown: Observed[] = [];
  if (!tokens.takeIf('locations')) return shown;
  tokens.expect('[');
  while (!tokens.takeIf(']')) {
    shown.push(parser.observed());
    if (!tokens.isNext(']')) tokens.expect(';');
  }
  return shown;
}

function quantifierOf(tokens: Tokens): Quantifier {
  const isNegated = tokens.takeIf('~');
  if (tokens.takeIf('exists')) return isNegated ? '~exists' : 'exists';
  if (!isNegated && tokens.takeIf('forall')) return 'forall';
  return tokens.refuse('expected exists, ~exists or forall');
}

function observedOf(condition: Condition, shown: readonly Observed[]): readonly Observed[] {
  const observed = [...observedIn(condition), ...shown];
  return observed.filter(
    (one, index) => observed.findIndex((other) => observedText(other) === observedText(one)) === index,
  );
}
