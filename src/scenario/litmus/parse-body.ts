import { litmusCalls } from './litmus-calls.ts';
import type { Expression, Statement } from './litmus-test.ts';
import { LitmusError } from './litmus-test.ts';
import type { Tokens } from './litmus-tokens.ts';

/** Types of registers. */
const TYPES: ReadonlySet<string> = new Set([
  'int',
  'long',
  'unsigned',
  'u32',
  's32',
  'bool',
  'char',
  'short',
]);
/** What is not read, and would be taken for something else. */
const LOOPS: ReadonlySet<string> = new Set(['while', 'for', 'do', 'goto', 'switch', 'return']);
const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*'],
];
const UNARY: ReadonlySet<string> = new Set(['-', '+', '!', '~']);

/** Reads the body of a thread: statements between braces. */
export class BodyParser {
  readonly #tokens: Tokens;
  /** What may be accessed. */
  readonly #locations: ReadonlySet<string>;
  readonly registers: Set<string> = new Set();

  constructor(tokens: Tokens, locations: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#locations = locations;
  }

  /** @throws {LitmusError} If it is none, or more than is read here. */
  block(): Statement[] {
    const tokens = this.#tokens;
    tokens.expect('{');
    const statements: Statement[] = [];
    while (!tokens.takeIf('}')) statements.push(...this.#statement());
    return statements;
  }

  #statement(): Statement[] {
    const tokens = this.#tokens;
    const { text, line } = tokens.next;
    if (tokens.isNext('{')) return this.block();
    if (tokens.takeIf(';')) return [];
    if (LOOPS.has(text))
      throw new LitmusError(line, `'${text}' is not read: only straight lines with if are`);
    if (tokens.takeIf('if')) return [this.#branch()];
    if (TYPES.has(text)) return this.#declaration();
    if (tokens.isNext('*')) tokens.refuse('expected READ_ONCE or WRITE_ONCE around a plain access');
    return this.#simple();
  }

  #branch(): Statement {
    const tokens = this.#tokens;
    tokens.expect('(');
    const condition = this.#expression();
    tokens.expect(')');
    const met = this.#statement();
    const otherwise = tokens.takeIf('else') ? this.#statement() : [];
    return { kind: 'if', condition, met, otherwise };
  }

  #declaration(): Statement[] {
    const tokens = this.#tokens;
    while (TYPES.has(tokens.next.text)) tokens.take();
    const statements: Statement[] = [];
    do {
      const { line } = tokens.next;
      const register = tokens.expectKind('word', 'the name of a register');
      if (this.#locations.has(register)) throw new LitmusError(line, `'${register}' is a location, too`);
      this.registers.add(register);
      if (tokens.takeIf('=')) statements.push({ kind: 'set', register, value: this.#expression() });
    } while (tokens.takeIf(','));
    tokens.expect(';');
    return statements;
  }

  #simple(): Statement[] {
    const tokens = this.#tokens;
    const { text, kind } = tokens.next;
    if (kind === 'word' && this.registers.has(text)) {
      tokens.take();
      tokens.expect('=');
      const value = this.#expression();
      tokens.expect(';');
      return [{ kind: 'set', register: text, value }];
    }
    if (kind !== 'word' || !litmusCalls.has(text)) tokens.refuse('expected a statement');
    const value = this.#expression();
    tokens.expect(';');
    return [{ kind: 'do', value }];
  }

  #expression(level = 0): Expression {
    const tokens = this.#tokens;
    const operators = BINARY[level];
    if (operators === undefined) return this.#unary();
    let left = this.#expression(level + 1);
    while (operators.includes(tokens.next.text)) {
      const operator = tokens.take().text;
      left = { kind: 'binary', operator, left, right: this.#expression(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    const tokens = this.#tokens;
    const { text, kind } = tokens.next;
    if (UNARY.has(text)) {
      tokens.take();
      return { kind: 'unary', operator: text, of: this.#unary() };
    }
    if (tokens.isNext('(')) {
      tokens.take();
      // A cast says nothing here: all values have 32 bits.
      if (TYPES.has(tokens.next.text)) {
        while (TYPES.has(tokens.next.text)) tokens.take();
        tokens.expect(')');
        return this.#unary();
      }
      const inner = this.#expression();
      tokens.expect(')');
      return inner;
    }
    if (kind === 'number') return { kind: 'number', value: Number(tokens.take().text) | 0 };
    if (kind !== 'word') tokens.refuse('expected a value');
    if (this.registers.has(text)) return { kind: 'register', name: tokens.take().text };
    if (text === '' || !litmusCalls.has(text))
      tokens.refuse('expected a register, a number or a function of atomics');
    return this.#call();
  }

  #call(): Expression {
    const tokens = this.#tokens;
    const { text: name, line } = tokens.take();
    const { locationAt, values } = litmusCalls.get(name) ?? { locationAt: -1, values: 0 };
    tokens.expect('(');
    let location = '';
    const given: Expression[] = [];
    const count = values + (locationAt < 0 ? 0 : 1);
    for (let index = 0; index < count; index++) {
      if (index > 0) tokens.expect(',');
      if (index !== locationAt) given.push(this.#expression());
      else location = this.#location();
    }
    if (!tokens.isNext(')'))
      throw new LitmusError(line, `${name}: expected ${count} argument(s), got '${tokens.next.text}' behind`);
    tokens.take();
    return { kind: 'call', name, location, values: given };
  }

  /** `x`, `*x` or `&x`: a parameter points to the location of its name. */
  #location(): string {
    const tokens = this.#tokens;
    if (!tokens.takeIf('*')) tokens.takeIf('&');
    if (!this.#locations.has(tokens.next.text)) tokens.refuse('expected a parameter that is a location');
    return tokens.take().text;
  }
}
