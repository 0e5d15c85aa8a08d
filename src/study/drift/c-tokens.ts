/**
 * C text as tokens, comments and blanks left out. A preprocessor directive is one token, so that it changes nothing around it. Only
 * what tells one function from another is told apart here: this is no compiler, and nothing is expanded.
 */

/** A piece of C text. */
export interface Token {
  readonly text: string;
  readonly kind: 'word' | 'literal' | 'directive' | 'mark';
  /** From 1 on. */
  readonly line: number;
}

/** Text that is no whole C file: the message says where, and why. */
export class CTextError extends Error {
  override readonly name = 'CTextError';
}

const WORD = /[A-Za-z_$0-9][\w$]*/y;
const MARK = /<<=|>>=|\.\.\.|->|\+\+|--|&&|\|\||##|[-+*/%&|^=!<>]=|<<|>>|[^]/y;
const LINE_END = /\r?\n/y;

/**
 * Splits C text.
 * @throws {CTextError} If a comment has no end, or there are bytes that no text has.
 */
export function tokensOf(text: string): readonly Token[] {
  if (text.includes('\0') || text.includes('\uFFFD')) throw new CTextError('is no text in UTF-8');
  return new Tokenizer(text).all();
}

class Tokenizer {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly Token[] {
    const tokens: Token[] = [];
    let isLineStart = true;
    while (this.#at < this.#text.length) {
      const here = this.#text[this.#at] ?? '';
      if (here === '\n') {
        this.#newline();
        isLineStart = true;
      } else if (!this.#skip(here)) {
        const line = this.#line;
        const { text, kind } = here === '#' && isLineStart ? this.#directive() : this.#token(here);
        tokens.push({ text, kind, line });
        isLineStart = false;
      }
    }
    return tokens;
  }

  #newline(): void {
    this.#at++;
    this.#line++;
  }

  /** Passes over a blank, a joined line or a comment. Returns whether there was one. */
  #skip(here: string): boolean {
    if (here === ' ' || here === '\t' || here === '\r' || here === '\f' || here === '\v') {
      this.#at++;
      return true;
    }
    if (here === '\\') return this.#skipJoint();
    if (here !== '/') return false;
    const next = this.#text[this.#at + 1];
    if (next === '*') this.#skipComment();
    else if (next === '/') this.#skipLineComment();
    else return false;
    return true;
  }

  /** Where a backslash stands: passes over the end of the line behind it. Returns whether there was one. */
  #skipJoint(): boolean {
    LINE_END.lastIndex = this.#at + 1;
    const end = LINE_END.exec(this.#text);
    if (end === null) return false;
    this.#at += end[0].length;
    this.#newline();
    return true;
  }

  #skipComment(): void {
    const end = this.#text.indexOf('*/', this.#at + 2);
    if (end < 0) throw new CTextError(`has a comment without an end in line ${this.#line}`);
    for (let at = this.#at; at < end; at++) if (this.#text[at] === '\n') this.#line++;
    this.#at = end + 2;
  }

  #skipLineComment(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n')
      if (this.#text[this.#at] !== '\\' || !this.#skipJoint()) this.#at++;
  }

  #token(here: string): Pick<Token, 'text' | 'kind'> {
    if (here === '"' || here === "'") return { text: this.#literal(here), kind: 'literal' };
    const word = this.#match(WORD);
    return word === undefined
      ? { text: this.#match(MARK) ?? here, kind: 'mark' }
      : { text: word, kind: 'word' };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Up to its end, or that of its line: text that is left out by `#if 0` need not be C. */
  #literal(quote: string): string {
    const from = this.#at++;
    while (this.#at < this.#text.length) {
      const here = this.#text[this.#at];
      if (here === '\n') break;
      if (here === '\\') {
        // The line goes on behind a joint; any other character is taken as it is.
        if (this.#skipJoint()) continue;
        this.#at++;
      }
      this.#at++;
      if (here === quote) break;
    }
    return this.#text.slice(from, this.#at);
  }

  /** To the end of its lines, blanks made one. */
  #directive(): Pick<Token, 'text' | 'kind'> {
    const parts: string[] = [];
    while (this.#at < this.#text.length) {
      const here = this.#text[this.#at] ?? '';
      if (here === '\n') break;
      if (!this.#skip(here)) parts.push(this.#token(here).text);
    }
    return { text: parts.join(' '), kind: 'directive' };
  }
}
