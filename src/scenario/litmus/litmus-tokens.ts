import { LitmusError } from './litmus-test.ts';

/** A word, a number or a sign, and the line that it stands in. */
export interface Token {
  readonly kind: 'word' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly line: number;
  /** Where it begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

const SKIPPED = /(?:\s+|\(\*[\s\S]*?\*\)|\/\*[\s\S]*?\*\/|\/\/[^\n]*|"[^"]*")+/y;
const TOKEN =
  /([A-Za-z_]\w*)|(0[xX][\da-fA-F]+|\d+)|(\/\\|\\\/|&&|\|\||==|!=|<=|>=|<<|>>|->|[-+*&|^~!<>=(){}[\];:,.])/y;

/** Reads tokens one after the other. */
export class Tokens {
  readonly text: string;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;

  /** @throws {LitmusError} If there is a character that no token begins with. */
  constructor(text: string) {
    this.text = text;
    this.#tokens = tokensOf(text);
    const line = text.split('\n').length;
    this.#end = { kind: 'end', text: '', line, from: text.length, to: text.length };
  }

  /** The next token. */
  get next(): Token {
    return this.#peek(0);
  }

  /** Whether the next tokens are these. */
  isNext(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => this.#peek(ahead).text === text);
  }

  /** Takes the next token. */
  take(): Token {
    const { next } = this;
    this.#at++;
    return next;
  }

  /** Takes the next token if it is this one. */
  takeIf(text: string): boolean {
    if (this.next.text !== text) return false;
    this.#at++;
    return true;
  }

  /**
   * Takes the next token, which must be this one.
   * @throws {LitmusError} If it is another.
   */
  expect(text: string): Token {
    return this.next.text === text ? this.take() : this.refuse(`expected '${text}'`);
  }

  /**
   * Takes the next token, which must be of that kind; `what` says what it is.
   * @throws {LitmusError} If it is another.
   */
  expectKind(kind: 'word' | 'number', what: string): string {
    return this.next.kind === kind ? this.take().text : this.refuse(`expected ${what}`);
  }

  /** Says what is wrong with the next token. */
  refuse(expected: string): never {
    const { kind, text, line } = this.next;
    throw new LitmusError(line, `${expected}, got ${kind === 'end' ? 'the end of the test' : `'${text}'`}`);
  }

  #peek(ahead: number): Token {
    return this.#tokens[this.#at + ahead] ?? this.#end;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  const pass = (to: number): void => {
    line += text.slice(at, to).split('\n').length - 1;
    at = to;
  };
  for (;;) {
    SKIPPED.lastIndex = at;
    if (SKIPPED.test(text)) pass(SKIPPED.lastIndex);
    if (at === text.length) break;
    TOKEN.lastIndex = at;
    const [whole, word, number] = TOKEN.exec(text) ?? [];
    if (whole === undefined) throw new LitmusError(line, `unexpected '${text.slice(at, at + 1)}'`);
    const kind = word !== undefined ? 'word' : number !== undefined ? 'number' : 'sign';
    tokens.push({ kind, text: whole, line, from: at, to: at + whole.length });
    pass(at + whole.length);
  }
  return tokens;
}
