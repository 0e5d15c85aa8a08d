import { describe, expect, it } from 'vitest';
import { parseLitmus } from '../../../src/scenario/litmus/parse-litmus.ts';
import { finalStates, litmusOf } from '../../helpers/litmus.ts';

/** A test with these statements in its first thread. */
const withBody = (body: string, condition = 'x=1'): string =>
  `C test\n{ x=0; y=5; }\nP0(atomic_t *x, int *y)\n{\n  int r0; int r1 = 3;\n${body}\n}\nP1(atomic_t *x)\n{\n  atomic_read(x);\n}\nexists (${condition})\n`;

describe('a litmus test as it is read', () => {
  it.each([
    ['arithmetic', 'r0 = (r1 + 2) * 3 - (1 << 2) | 0x10;', 27],
    ['comparisons', 'r0 = (r1 == 3) + (r1 != 3) + (r1 >= 3) + (r1 < 4) + !r1 + (r1 && 0) + (0 || r1);', 4],
    ['signs and masks', 'r0 = -r1 & ~1 ^ 2;', -2],
    ['a location that holds something', 'r0 = READ_ONCE(*y);', 5],
    ['what stands in an if', 'if (r1 == 3) { r0 = 1; } else r0 = 2;', 1],
    ['what stands in an else', 'if (READ_ONCE(*y) > 5) r0 = 1; else { if (r1) r0 = 7; }', 7],
    ['atomic_add_return', 'r0 = atomic_add_return(4, x);', 4],
    ['atomic_sub_return_release', 'r0 = atomic_sub_return_release(4, x);', -4],
    ['atomic_inc_return_acquire', 'r0 = atomic_inc_return_acquire(x);', 1],
    ['atomic_dec_return_relaxed', 'r0 = atomic_dec_return_relaxed(x);', -1],
    ['atomic_fetch_or', 'atomic_set(x, 5); r0 = atomic_fetch_or(2, x); r0 = r0 * 10 + atomic_read(x);', 57],
    [
      'atomic_fetch_andnot',
      'atomic_set(x, 7); r0 = atomic_fetch_andnot(2, x); r0 = r0 * 10 + atomic_read(x);',
      75,
    ],
    ['atomic_or and atomic_and', 'atomic_or(6, x); atomic_and(4, x); r0 = atomic_read(x);', 4],
    ['atomic_xchg', 'r0 = atomic_xchg(x, 9) + atomic_xchg_release(x, 1);', 9],
    ['atomic_cmpxchg', 'r0 = atomic_cmpxchg(x, 0, 4) + atomic_cmpxchg_acquire(x, 0, 5) + atomic_read(x);', 8],
    [
      'atomic_add_unless',
      'r0 = atomic_add_unless(x, 2, 1) + 10 * atomic_add_unless(x, 2, 2) + 100 * atomic_read(x);',
      201,
    ],
    ['atomic_inc_and_test', 'atomic_set(x, -1); r0 = atomic_inc_and_test(x);', 1],
    [
      'bits',
      'set_bit(3, x); r0 = test_bit(3, x) + test_and_clear_bit(3, x) + test_and_set_bit(0, x) + atomic_read(x);',
      3,
    ],
    ['acquire and release', 'smp_store_release(x, 6); r0 = smp_load_acquire(x);', 6],
    [
      'locks and barriers',
      'spin_lock(x); smp_mb(); smp_wmb(); smp_rmb(); smp_mb__before_atomic(); spin_unlock(x); r0 = 2;',
      2,
    ],
    ['comments', 'r0 = 1; // r0 = 2;\n/* r0 = 3; */ (* r0 = 4; *)', 1],
  ])('has %s', (_name, body, value) => {
    expect(finalStates(litmusOf(withBody(`${body} WRITE_ONCE(*y, 1);`, `0:r0=${value}`)), 'sc')).toEqual([
      `*>0:r0=${value};`,
    ]);
  });

  it('has what stands in its head and in its condition', () => {
    const text =
      'C A+b-c "an aside"\n(* a comment *)\n{ int x = 2; [y]=-1; atomic_t z = ATOMIC_INIT(4); }\n' +
      'P0(int *x, int *q) { READ_ONCE(*x); }\nP1(int *y) { READ_ONCE(*y); }\nlocations [q; x]\n~exists (x=2 /\\ (~ y=3\n  \\/ z=4))';
    const test = parseLitmus(text);

    expect([...test.locations]).toEqual([
      ['x', 2],
      ['y', -1],
      ['z', 4],
      ['q', 0],
    ]);
    expect(test).toMatchObject({ quantifier: '~exists', conditionText: '(x=2 /\\ (~ y=3 \\/ z=4))' });
    expect(test.name).toMatch(/^A\+b-c/);
    expect(test.observed.map(({ name }) => name)).toEqual(['x', 'y', 'z', 'q']);
  });

  it.each([
    ['', /^line 1: expected the name of the dialect/],
    ['X86 SB\n{ }\n', /^line 1: expected a test in the dialect C, got 'X86'/],
    ['C a\n{ x=1; x=2; }', /^line 2: 'x' has a value already/],
    ['C a\n{ }\nP0(int *x) { }\nexists (x=1)', /^line 4: expected a thread P1/],
    ['C a\n{ }\nP1(int *x) { }', /^line 3: expected P0, got 'P1'/],
    ['C a\n{ }\nP0(int x) { }', /^line 3: expected '\*'/],
    [withBody('while (1) { }'), /^line 6: 'while' is not read/],
    [withBody('*x = 1;'), /^line 6: expected READ_ONCE or WRITE_ONCE/],
    [withBody('r2 = 1;'), /^line 6: expected a statement, got 'r2'/],
    [withBody('atomic_frob(x);'), /^line 6: expected a statement, got 'atomic_frob'/],
    [withBody('r0 = atomic_read(z);'), /^line 6: expected a parameter that is a location, got 'z'/],
    [withBody('atomic_set(x, 1, 2);'), /^line 6: atomic_set: expected 2 argument/],
    [withBody('int x;'), /^line 6: 'x' is a location, too/],
    [withBody('r0 = #;'), /^line 6: unexpected '#'/],
    [withBody('', '0:r9=1'), /^line 12: P0 has no register 'r9'/],
    [withBody('', 'q=1'), /^line 12: there is no location 'q'/],
    [`${withBody('')}filter (x=1)`, /^line 13: expected nothing behind the condition/],
  ])('%j is refused with one line', (text, message) => {
    expect(() => parseLitmus(text)).toThrow(message);
  });

  it('is refused where a world has no room for it', () => {
    const names = Array.from({ length: 40 }, (_, index) => `x${index}`);
    const text = `C wide { ${names.map((name) => `${name}=0;`).join(' ')} } P0(int *x0) { READ_ONCE(*x0); } P1(int *x0) { READ_ONCE(*x0); } exists (x0=1)`;

    expect(() => litmusOf(text)).toThrow(/40 locations are too many: there may be \d+/);
  });
});
