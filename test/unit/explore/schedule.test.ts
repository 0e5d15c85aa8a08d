import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CHANCES } from '../../../src/explore/search/session.ts';
import { formatSchedule, parseSchedule, ScheduleError } from '../../../src/explore/schedule/schedule.ts';

const name = fc.string({ minLength: 1, maxLength: 12 });
const schedule = fc.record({
  scenario: name,
  start: name,
  strategy: name,
  actors: fc.array(fc.record({ role: name, count: fc.integer({ min: 0, max: 16 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  pages: fc.integer({ min: 1, max: 16 }),
  readsFail: fc.boolean(),
  trylocksFail: fc.boolean(),
  setupsFail: fc.boolean(),
  moves: fc.array(fc.record({ actor: fc.nat(15), choice: fc.nat(4) }), { maxLength: 60 }),
});

describe('a schedule as text', () => {
  it('reads back as it was written, and survives a shell', () => {
    fc.assert(
      fc.property(schedule, (original) => {
        const text = formatSchedule(original);

        expect(parseSchedule(text)).toEqual(original);
        expect(text).toMatch(/^[\w:=,.~/@%-]*$/);
      }),
      { seed: 1 },
    );
  });

  it('is short', () => {
    const moves = [
      ...Array.from({ length: 12 }, () => ({ actor: 0, choice: 0 })),
      { actor: 1, choice: 0 },
      { actor: 1, choice: 2 },
      { actor: 0, choice: 0 },
    ];

    const text = formatSchedule({
      scenario: 's',
      start: 'primed',
      strategy: 'none',
      actors: [{ role: 'finder', count: 1 }],
      pages: 4,
      readsFail: false,
      trylocksFail: true,
      setupsFail: true,
      moves,
    });

    expect(text).toBe('eb1:s:primed:none:finder=1:p4ts:a12b2~2a');
  });

  it('says in which ordering stores wait, and which of them become visible', () => {
    const actors = [
      { role: 'finder', count: 2 },
      { role: 'reclaim', count: 1 },
    ];
    const moves = [0, 0, 3, 2, 5, 5].map((actor) => ({ actor, choice: 0 }));
    const parts = { scenario: 's', start: 'primed', strategy: 'none', actors, pages: 4, ...NO_CHANCES };
    const text = formatSchedule({ ...parts, ordering: 'x86', moves });

    expect(text).toBe('eb2:s:primed:none:finder=2,reclaim=1:p4:x86:a2AcC2');
    expect(parseSchedule(text)).toEqual({ ...parts, ordering: 'x86', moves });
    expect(formatSchedule({ ...parts, ordering: 'sc', moves: [] })).toMatch(/^eb1:/);
    expect(parseSchedule('eb1:s:p:n:f=1:p1:a')).not.toHaveProperty('ordering');
  });

  it.each([
    ['p4', {}],
    ['p4r', { readsFail: true }],
    ['p4t', { trylocksFail: true }],
    ['p4s', { setupsFail: true }],
    ['p4rt', { readsFail: true, trylocksFail: true }],
    ['p4rts', { readsFail: true, trylocksFail: true, setupsFail: true }],
  ])('says with %s what may fail', (size, chances) => {
    expect(parseSchedule(`eb1:s:primed:none:f=1:${size}:a`)).toMatchObject({ ...NO_CHANCES, ...chances });
  });

  it.each([
    ['', /^no schedule: expected eb1:/],
    ['hello', /^no schedule/],
    ['eb3:s:p:n:f=1:p1:a', /^a schedule of version eb3/],
    ['eb2:s:p:n:f=1:p1:a', /has 8 fields between colons, this one has 7/],
    ['eb2:s:p:n:f=1:p1:sc:a', /^ordering: expected x86 or lkmm-stores, got 'sc'/],
    [
      'eb2:s:p:n:f=1:p1:x86:aQ',
      /^moves: expected an actor from a to p, or a buffer from A to P, and a count, got 'Q'/,
    ],
    ['eb1:s:p:n:f=1:p1:aA', /^moves: expected an actor from a to p and a count, got 'A'/],
    ['eb1:s:p:n:f=1:p1', /has 7 fields between colons, this one has 6/],
    ['eb1:s:p:n:f:p1:a', /^actors: expected/],
    ['eb1:s:p:n:f=1:4:a', /^pages: expected p4/],
    ['eb1:s:p:n:f=1:p4st:a', /^pages: expected p4/],
    ['eb1:s:p:n:f=1:p1:aZ', /^moves: expected an actor from a to p and a count, got 'Z'/],
    ['eb1:s:p:n:f=1:p1:a0', /^moves: expected 1 to/],
    ['eb1:s:p:n:f=1:p1:a9999999', /^moves: expected 1 to/],
    ['eb1:s:%E0%A4%A:n:f=1:p1:a9', /is not escaped/],
  ])('%j is refused with one line', (text, message) => {
    expect(() => parseSchedule(text)).toThrow(ScheduleError);
    expect(() => parseSchedule(text)).toThrow(message);
  });
});
