/**
 * The functions of a C file, found without a compiler: a block at the outermost level behind a name and its parentheses, or a macro
 * with parameters. Both branches of `#if` are text of the file; braces that they share are counted once. Definitions of one name, as
 * branches of `#if` have them, are one function here: their texts, one behind the other.
 */
import { createHash } from 'node:crypto';
import { CTextError, type Token, tokensOf } from './c-tokens.ts';

/** A function of a file. */
export interface CFunction {
  readonly name: string;
  /** Its tokens, the name and parameters among them, with one blank between: without comments and without what only pleases the eye. */
  readonly text: string;
  /** How often the file defines it. */
  readonly definitions: number;
}

/** 64 bits of the hash are kept, in hexadecimal digits. */
const HASH_DIGITS = 16;

/** Words that stand before parentheses and a block, and are no function. */
const NO_NAME: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch', 'do', 'sizeof', 'typeof']);

/**
 * The hash of a function's text: the first digits of its SHA-256. `as` is what it is taken to be called, so that one that only got another
 * name can be told from one that is gone.
 */
export function hashOf({ name, text }: Pick<CFunction, 'name' | 'text'>, as: string = name): string {
  const called =
    as === name
      ? text
      : text
          .split(' ')
          .map((word) => (word === name ? as : word))
          .join(' ');
  return createHash('sha256').update(called).digest('hex').slice(0, HASH_DIGITS);
}

/**
 * Finds the functions of a C file, by name.
 * @throws {CTextError} If it is no text, or a comment or a block of it has no end.
 */
export function functionsOf(text: string): ReadonlyMap<string, CFunction> {
  const found = new Map<string, CFunction>();
  for (const { names, tokens } of definitionsOf(tokensOf(text))) {
    const own = tokens.map((token) => token.text).join(' ');
    for (const name of names) {
      const earlier = found.get(name);
      found.set(name, {
        name,
        text: earlier === undefined ? own : `${earlier.text} ${own}`,
        definitions: (earlier?.definitions ?? 0) + 1,
      });
    }
  }
  return found;
}

interface Definition {
  /** Words that it may be the definition of: of attributes before or behind a name nobody asks. */
  readonly names: ReadonlySet<string>;
  readonly tokens: readonly Token[];
}

const MACRO = /^# define (\w+) \(/;

function* definitionsOf(tokens: readonly Token[]): Generator<Definition> {
  const nesting = new Nesting();
  /** Where what is being declared at the outermost level begins. */
  let from = 0;
  let names: ReadonlySet<string> = new Set();
  for (const [index, token] of tokens.entries()) {
    const wasOutside = nesting.isOutside;
    nesting.add(token);
    if (token.kind === 'directive') {
      const macro = MACRO.exec(token.text)?.[1];
      if (macro !== undefined) yield { names: new Set([macro]), tokens: [token] };
    } else if (token.text === '{' && wasOutside) {
      names = namesIn(tokens.slice(from, index));
    } else if (nesting.isOutside && (token.text === '}' || token.text === ';')) {
      if (token.text === '}' && names.size > 0)
        yield { names, tokens: withoutLead(tokens.slice(from, index + 1), names) };
      names = new Set();
      from = index + 1;
    }
  }
  nesting.requireEnd();
}

/** The words before parentheses in a declaration; none if it is of data: of a structure, or with a value. */
function namesIn(declared: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  let depth = 0;
  for (const [index, { text, kind }] of declared.entries()) {
    if (kind === 'directive') continue;
    if (text === '=' && depth === 0) return new Set();
    if (text === '(' && depth++ === 0) {
      const before = declared[index - 1];
      if (before?.kind === 'word' && !NO_NAME.has(before.text)) names.add(before.text);
    } else if (text === ')') {
      depth = Math.max(0, depth - 1);
    }
  }
  return names;
}

/** Without the directives, and whatever stands before them, ahead of the name: they belong to what was declared before. */
function withoutLead(tokens: readonly Token[], names: ReadonlySet<string>): readonly Token[] {
  const first = tokens.findIndex(({ text }, index) => names.has(text) && tokens[index + 1]?.text === '(');
  const lead = tokens.slice(0, first).findLastIndex(({ kind }) => kind === 'directive');
  return tokens.slice(lead + 1);
}

/** How deep in braces and parentheses a file is, with the branches of `#if` beginning where the `#if` is. */
class Nesting {
  #braces = 0;
  #parentheses = 0;
  #opened = 0;
  /** Of each `#if` that is open, how deep it is, and how deep its first branch ended. */
  readonly #branches: { readonly atIf: readonly [number, number]; afterFirst?: readonly [number, number] }[] =
    [];

  get isOutside(): boolean {
    return this.#braces === 0 && this.#parentheses === 0;
  }

  add({ text, kind, line }: Token): void {
    if (kind === 'directive') return this.#direct(text);
    if (kind !== 'mark') return undefined;
    if (text === '{' && this.#braces++ === 0) this.#opened = line;
    if (text === '(') this.#parentheses++;
    if (text === '}') this.#braces--;
    if (text === ')') this.#parentheses--;
    if (this.#braces < 0 || this.#parentheses < 0)
      throw new CTextError(`has a '${text}' in line ${line} that closes nothing`);
    return undefined;
  }

  requireEnd(): void {
    if (this.#braces > 0) throw new CTextError(`has a block without an end, from line ${this.#opened} on`);
    if (this.#parentheses > 0) throw new CTextError("has a '(' without an end");
  }

  #direct(text: string): void {
    const [, word = ''] = text.split(' ', 2);
    const branch = this.#branches.at(-1);
    if (word.startsWith('if')) {
      this.#branches.push({ atIf: [this.#braces, this.#parentheses] });
    } else if (branch !== undefined && word.startsWith('el')) {
      branch.afterFirst ??= [this.#braces, this.#parentheses];
      [this.#braces, this.#parentheses] = branch.atIf;
    } else if (branch !== undefined && word === 'endif') {
      // What the first branch has left open is what the text behind closes.
      [this.#braces, this.#parentheses] = branch.afterFirst ?? [this.#braces, this.#parentheses];
      this.#branches.pop();
    }
  }
}
