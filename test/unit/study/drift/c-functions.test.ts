import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionsOf, hashOf } from '../../../../src/study/drift/c-functions.ts';
import { CTextError, tokensOf } from '../../../../src/study/drift/c-tokens.ts';

const PUT = `
static inline int put_it(struct thing *it, int by)
	__releases(&it->lock)
{
	if (it->refs - by == 0)
		return release("{", '}', it); /* the last */
	return 0;
}
`;

/** The hash of a function in a file; undefined if the file does not have it. */
function hash(text: string, name = 'put_it'): string | undefined {
  const found = functionsOf(text).get(name);
  return found && hashOf(found);
}

describe('functionsOf', () => {
  it('tells a changed function from one that only looks otherwise', () => {
    const same = PUT.replace('/* the last */', '// gone /* {')
      .replaceAll('\t', '    ')
      .replace('it->refs - by', 'it->refs-by')
      .replace('struct thing *it, int by', 'struct thing *\n\t\t  it,\n\t\t  int by');

    expect(hash(same)).toBe(hash(PUT));
    expect(hash(PUT)).toMatch(/^[\da-f]{16}$/);
  });

  it.each([
    ['an operator', '== 0', '!= 0'],
    ['a string', '"{"', '"}"'],
    ['a blank in a string', '"{"', '"{ "'],
    ['an argument', 'int by', 'long by'],
    ['an attribute', '__releases(&it->lock)', ''],
    ['a statement less', '	return 0;\n', ''],
    ['two operators that were one', 'it->refs - by', 'it->refs - -by'],
  ])('sees %s', (_name, before, after) => {
    expect(PUT).toContain(before);
    expect(hash(PUT.replace(before, after))).not.toBe(hash(PUT));
  });

  it.each([
    ['a declaration', 'int put_it(struct thing *it, int by);'],
    ['a call', 'int other(void) { return put_it(it, 1); }'],
    ['data', 'static const struct ops ops = { .put = put_it(1), };'],
    ['a structure', 'struct put_it { int (*put_it)(int); };'],
    ['a comment', '/* int put_it(int by) { } */'],
    ['a macro that names it', '#define put_all(it) \\\n do { put_it(it); } while (0)'],
    ['a string', 'const char *text = "int put_it(int by) { }";'],
  ])('takes %s for no function', (_name, text) => {
    expect(hash(text)).toBeUndefined();
    expect(hash(`${text}\n${PUT}`)).toBe(hash(PUT));
  });

  it.each([
    ['a type on a line of its own', 'static struct thing *\nput_it(int by)\n{\n\treturn NULL;\n}'],
    ['an attribute in front', '__printf(1, 2) int put_it(const char *text, ...)\n{\n\treturn 0;\n}'],
    ['a macro', '#define put_it(it, by) \\\n\t((it)->refs -= (by))'],
    ['everything on a line', 'int put_it(void){return 0;}'],
    ['an argument that is a function', 'int put_it(int (*by)(int), int it)\n{\n\treturn by(it);\n}'],
  ])('finds one with %s', (_name, text) => {
    expect([...functionsOf(`int first;\n${text}\nint last(void) { return 1; }`).keys()]).toEqual(
      expect.arrayContaining(['put_it', 'last']),
    );
    expect(hash(`int first;\n${text}`)).toBe(hash(text));
  });

  it('takes the definitions in the branches of #if for one function', () => {
    const twin = `#ifdef CONFIG_A\nint put_it(int by) { return by; }\n#else\nint put_it(int by) { return 0; }\n#endif\n`;

    expect(functionsOf(twin).get('put_it')?.definitions).toBe(2);
    for (const changed of [twin.replace('return by', 'return 1'), twin.replace('return 0', 'return 1')])
      expect(hash(changed)).not.toBe(hash(twin));
    expect(hash(twin.replace('CONFIG_A', 'CONFIG_B'))).toBe(hash(twin));
  });

  it('counts a brace once that two branches of #if share', () => {
    const shared = `int put_it(int by)\n{\n#ifdef A\n\tif (by) {\n#elif B\n\twhile (by) {\n#else\n\t{\n#endif\n\t\tuse();\n\t}\n\treturn 0;\n}\nint last(void) { return 1; }\n`;
    const heads = `#ifdef A\nint put_it(int by)\n#else\nlong put_it(int by)\n#endif\n{\n\treturn 0;\n}\nint last(void) { return 1; }\n`;

    for (const text of [shared, heads]) expect([...functionsOf(text).keys()]).toEqual(['put_it', 'last']);
    expect(hash(shared.replace('while', 'until'))).not.toBe(hash(shared));
  });

  it('gives a function another name on request', () => {
    const renamed = functionsOf(PUT.replace('put_it', 'drop_it')).get('drop_it');

    expect(renamed && hashOf(renamed)).not.toBe(hash(PUT));
    expect(renamed && hashOf(renamed, 'put_it')).toBe(hash(PUT));
  });

  it.each([
    ['a comment without an end', `${PUT}\n/* and so on`, 'comment without an end in line 10'],
    ['a block without an end', PUT.replace(/\}\n$/, ''), 'block without an end, from line 4 on'],
    ['a brace too many', `${PUT}}`, "'}' in line 9 that closes nothing"],
    ['a parenthesis too many', `${PUT});`, "')' in line 9 that closes nothing"],
    ['a parenthesis without an end', `int put_it(${PUT.replaceAll(/[{}]/g, '')}`, "'(' without an end"],
    ['a zero byte', `${PUT}\0`, 'no text'],
    ['bytes that are no text', `${PUT}\uFFFD`, 'no text'],
  ])('refuses %s', (_name, text, message) => {
    expect(() => functionsOf(text)).toThrow(CTextError);
    expect(() => functionsOf(text)).toThrow(message);
  });

  it('passes over text in #if 0 and directives that is no C', () => {
    const text = `#if 0\nit doesn't matter\n#endif\n#error it doesn't {\n# define A "/*" /* { */ \\\n  (\n${PUT}`;

    expect(hash(text)).toBe(hash(PUT));
  });

  it('keeps the hash whatever blanks and comments stand between tokens, and loses it with any token', () => {
    const between = fc.constantFrom(' ', '\n', '\t ', '/* { " */', '// "\n', '\\\n', '\r\n');
    const tokens = tokensOf(PUT).map(({ text }) => text);
    fc.assert(
      fc.property(
        fc.array(between, { minLength: tokens.length, maxLength: tokens.length }),
        fc.nat(tokens.length - 1),
        (blanks, left) => {
          const spaced = tokens.map((token, index) => token + (blanks[index] ?? ''));

          expect(hash(spaced.join(' '))).toBe(hash(PUT));
          const missing = tokens.toSpliced(left, 1).join(' ');
          expect(isSame(missing)).toBe(false);
        },
      ),
    );
  });

  it('ends on any text, with functions or with what is wrong', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '"',
      "'",
      '\\',
      '\n',
      '/*',
      '*/',
      '//',
      '#if\n',
      '#else\n',
      '#endif\n',
      'f',
      '=',
      ';',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(endOf(parts.join(''))).toMatch(ENDS);
      }),
    );
  });

  it.each(['"\\', "'", '/*', '(', '{', '\\', '#if\n', 'f(){}', 'a(', '/'])(
    'ends on a file with many of %j',
    (piece) => {
      const text = piece.repeat(500_000 / piece.length);

      expect(endOf(text)).toMatch(ENDS);
    },
  );
});

function isSame(text: string): boolean {
  try {
    return hash(text) === hash(PUT);
  } catch (error) {
    if (error instanceof CTextError) return false;
    throw error;
  }
}

const ENDS = /^(?:functions|CTextError: .*)$/;

/** How the search for functions ends. */
function endOf(text: string): string {
  try {
    functionsOf(text);
    return 'functions';
  } catch (error) {
    return String(error);
  }
}
