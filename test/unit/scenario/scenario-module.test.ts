import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import { extentBufferStructures as structures } from '../../../src/subject/extent-buffer/v5.7/structures.ts';
import { describe, expect, it } from 'vitest';
import { FS_OWN, type FsInfo, LINE_WORDS, worldWords } from '../../../src/memory/layout.ts';
import type { Scenario, StartState } from '../../../src/scenario/scenario.ts';
import { scenarioFrom } from '../../../src/scenario/scenario-module.ts';
import { roleNamed, type ScenarioPlugIn, startNamed, violated } from '../../../src/catalog/scenario-api.ts';

const SOURCE = './my-race.mjs';
const good: ScenarioPlugIn = {
  roles: [roleNamed('finder'), roleNamed('reclaim')],
  starts: [startNamed('primed')],
  outcomes: [
    { name: 'boom', grade: 'FORBIDDEN' },
    { name: 'fine', grade: 'ACCEPTABLE' },
  ],
  classify: () => 1,
};

/** What is said of a module with these exports; '' where nothing is wrong. */
function objectionTo(exports: Readonly<Record<string, unknown>>): string {
  let said = '';
  try {
    scenarioFrom(
      exports,
      SOURCE,
      (objection) => {
        said = objection;
        throw new Error(objection);
      },
      extentBuffer,
    );
  } catch (error) {
    if (said === '') throw error;
  }
  return said;
}

const withMember = (member: object): Readonly<Record<string, unknown>> => ({
  default: { ...good, ...member },
});
const [finder, reclaim] = good.roles;
const withRole = (role: object): Readonly<Record<string, unknown>> =>
  withMember({ roles: [{ ...finder, ...role }, reclaim] });
const withStart = (start: object): Readonly<Record<string, unknown>> =>
  withMember({ starts: [{ ...good.starts[0], ...start }] });
const boom = good.outcomes[0];

describe('scenarioFrom', () => {
  it('takes a module with what it must have, under the name of its path', () => {
    const scenario = scenarioFrom(
      { default: good, apiVersion: 1 },
      SOURCE,
      (objection) => {
        throw new Error(objection);
      },
      extentBuffer,
    );

    expect(scenario.name).toBe(SOURCE);
    expect(scenario.isPlugIn).toBe(true);
    expect(scenario.starts[0]).toMatchObject({ name: 'primed', buffers: 1, stride: 64 });
    expect(scenario.outcomes.map(({ name }) => name)).toEqual(['boom', 'fine']);
  });

  it.each([
    [
      { default: good, apiVersion: 2 },
      'apiVersion: this ebtorture has version 1 of the scenario interface, got 2',
    ],
    [{}, 'no default export; expected { starts, roles, outcomes, classify }'],
    [{ default: 3 }, 'the default export: expected an object, got 3'],
    [{ default: new Proxy(good, {}) }, 'the default export: expected an object, got {'],
    [withMember({ outcome: [] }), "the default export: unknown member 'outcome'; did you mean outcomes?"],
    [withMember({ classify: undefined }), 'the default export: has no classify'],
    [withMember({ classify: () => 2 }), 'classify(0x0): expected an index from 1 to 1 into outcomes, got 2'],
    [withMember({ classify: () => 0 }), 'classify(0x0): expected an index from 1 to 1 into outcomes, got 0'],
    [
      withMember({ classify: (notes: number) => (notes === 4 ? 1.5 : 1) }),
      'classify(0x4): expected an index',
    ],
    [withMember({ classify: async () => {} }), 'classify: is async: an ordinary function is what is called'],
    [withMember({ atRest: 4 }), 'atRest: expected a function, got 4'],
    [withMember({ summary: 4 }), 'summary: expected text, got 4'],
    [withMember({ roles: [] }), 'roles: expected a list with something in it, got []'],
    [withMember({ roles: [finder, finder, reclaim] }), "roles: 'finder' occurs twice"],
    [
      withRole({ name: 'Finder 1' }),
      'roles[0].name: expected a name in lower case, such as stale-put, got "Finder 1"',
    ],
    [withRole({ programm: [] }), "roles[0]: unknown member 'programm'; did you mean program?"],
    [withRole({ program: [] }), 'roles[0].program: expected a list with something in it, got []'],
    [
      withRole({ program: [{ name: '', run: () => 0 }] }),
      'roles[0].program[0].name: expected the name of what is called',
    ],
    [
      withRole({ program: [{ name: 'f', run: 'f' }] }),
      'roles[0].program[0].run: expected a function, got "f"',
    ],
    [withRole({ program: [{ name: 'f', *run() {} }] }), 'roles[0].program[0].run: is a generator'],
    [withRole({ allocates: -1 }), 'roles[0].allocates: expected an integer from 0 to 4, got -1'],
    [withRole({ submitsReads: 'yes' }), 'roles[0].submitsReads: expected true or false, got "yes"'],
    [withStart({ reset: undefined }), 'starts[0]: has no reset'],
    [withStart({ stride: 0 }), 'starts[0].stride: expected an integer from 1 to 4096, got 0'],
    [
      withStart({ actors: [{ role: 'nobody' }] }),
      'starts[0].actors[0].role: expected one of finder, reclaim, got "nobody"',
    ],
    [withStart({ actors: [{ role: 'finder' }] }), 'starts[0].actors: expected 2 to 16 actors, got 1'],
    [
      withMember({ outcomes: [good.outcomes[1], boom] }),
      'outcomes[0]: expected the outcome of a trial that violates',
    ],
    [withMember({ outcomes: [boom] }), 'outcomes: expected one at least beside that of a violation'],
    [
      withMember({ outcomes: [boom, { name: 'fine', grade: 'OK' }] }),
      'outcomes[1].grade: expected one of FORBIDDEN,',
    ],
  ])('says what is wrong: %#', (exports, expected) => {
    expect(objectionTo(exports)).toContain(expected);
  });

  it.each([
    [{ measures: [{ name: 'Stripped', note: 1 }] }, 'measures[0].name: expected a name such as dyingFound'],
    [
      { measures: [{ name: 'stripped', note: 3 }] },
      'measures[0].note: expected one bit, of Note or of OWN_NOTES, got 3',
    ],
    [
      { measures: [{ name: 'stripped', note: 1, role: 'none' }] },
      "measures[0].role: expected 'met' or 'mended'",
    ],
    [
      { measures: [{ name: 'a', note: 1, phrases: { colum: 'x' } }] },
      "unknown member 'colum'; did you mean column?",
    ],
    [
      { costs: [{ name: 'find', column: 'find', start: 'warm', run: () => {} }] },
      'costs[0].start: expected one of primed, got "warm"',
    ],
    [{ ladder: { rungs: [] } }, 'ladder.rungs: expected a list with something in it, got []'],
    [
      { ladder: { rungs: [{ start: 'primed', actors: [{ role: 'reader' }] }] } },
      'ladder.rungs[0].actors[0].role: expected one of finder, reclaim, got "reader"',
    ],
    [{ control: 3 }, 'control: expected text, got 3'],
    [
      { promises: { upstream: 'maybe' } },
      "promises['upstream']: expected 'holds' or 'violates', got \"maybe\"",
    ],
    [
      { replayColumns: [{ label: 'refs', word: 99 }] },
      'replayColumns[0].word: expected an integer from 0 to 15, got 99',
    ],
    [
      { widening: { point: 'nowhere', ns: 10 } },
      'widening.point: expected a point of `ebtorture list points`',
    ],
    [
      { checks: [{ number: 4, id: 'MINE', title: 'x' }] },
      'checks[0].number: expected an integer from 32 to 127, got 4',
    ],
    [
      { checks: [{ number: 40, id: 'B1', title: 'x' }] },
      'checks[0].id: expected a short name in upper case that is not taken',
    ],
  ])('says what is wrong with what it declares: %#', (member, expected) => {
    expect(objectionTo(withMember(member))).toContain(expected);
  });

  it('takes what it declares as it is meant', () => {
    const member = {
      measures: [
        { name: 'stripped', note: 0x20000, role: 'met', isNearMiss: true, phrases: { column: 'strips' } },
      ],
      costs: [{ name: 'find', column: 'find', start: 'primed', run: () => {} }],
      ladder: {
        rungs: [{ start: 'primed', actors: [{ role: 'finder', count: 2 }, { role: 'reclaim' }], pages: 2 }],
      },
      control: 'early-check',
      promises: { none: 'holds' },
      replayColumns: [{ label: 'refs', word: 0 }],
      checks: [{ number: 41, id: 'MINE', title: 'mine' }],
    };

    expect(
      scenarioFrom(
        withMember(member),
        SOURCE,
        (objection) => {
          throw new Error(objection);
        },
        extentBuffer,
      ),
    ).toMatchObject({
      ...member,
      costs: [{ name: 'find', start: 'primed' }],
      ladder: {
        rungs: [
          {
            start: 'primed',
            actors: [
              { role: 'finder', count: 2 },
              { role: 'reclaim', count: 1 },
            ],
            pages: 2,
          },
        ],
      },
      checks: [{ number: 41, id: 'MINE', title: 'mine', origin: SOURCE }],
    });
  });

  it('refuses an operation that returns what is no integer when it does, and lets one that returns nothing end', () => {
    const returning = (value: unknown): number => {
      const program = [{ name: 'f', run: () => value }];
      const { roles } = scenarioFrom(
        withRole({ program }),
        SOURCE,
        (objection) => {
          throw new Error(objection);
        },
        extentBuffer,
      );
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it asks for nothing
      return roles[0]?.program[0]?.run({} as never, 0) ?? -1;
    };

    expect(returning(undefined)).toBe(0);
    expect(returning(40)).toBe(40);
    expect(() => returning('x')).toThrow('f returned "x": expected an integer for the operation behind it');
    expect(() => returning(Number.NaN)).toThrow('expected an integer');
  });

  const geometry = { structures, pages: 1, buffers: 1 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- where a world may begin
  const fs = LINE_WORDS as FsInfo;
  const read = (member: object): Scenario =>
    scenarioFrom(
      { default: { ...good, ...member } },
      SOURCE,
      (objection) => {
        throw new Error(objection);
      },
      extentBuffer,
    );
  const startWith = (reset: unknown): StartState | undefined =>
    read({ starts: [{ ...good.starts[0], reset }] }).starts[0];
  const world = (): Int32Array => new Int32Array(fs + worldWords(geometry)).fill(7);

  it('leaves nothing of the trial before in a world that a start state does not write whole', () => {
    const words = world();
    startWith((into: Int32Array) => {
      into[fs + FS_OWN] = 3;
    })?.reset(words, geometry, fs);

    expect(words[fs + FS_OWN]).toBe(3);
    expect(words.subarray(fs).filter((word) => word !== 0)).toHaveLength(1);
  });

  it('refuses what does not do the same twice, or changes what it is to judge', () => {
    let calls = 0;
    const words = world();
    const counts = startWith((into: Int32Array) => {
      into[fs] = ++calls;
    });
    const atRest = (judge: unknown) => (): unknown => read({ atRest: judge }).atRest?.(words, geometry, fs);

    expect(() => counts?.reset(words, geometry, fs)).toThrow('reset: word 0: expected 1 again, got 2');
    expect(() =>
      read({
        classify: () => 1 + (++calls % 2),
        outcomes: [...good.outcomes, { name: 'odd', grade: 'ACCEPTABLE' }],
      }),
    ).toThrow(/classify\(0x0\): gives \d, then \d, for the same/);
    expect(atRest(() => 40 + (++calls % 2))).toThrow(/atRest: gives 4\d, then 4\d, for the same/);
    expect(atRest((into: Int32Array) => void (into[fs] = 8))).toThrow(
      'atRest: word 0: expected 2, as it was, got 8',
    );
    expect(atRest(() => 128)).toThrow('atRest(): expected the number of a check below 128, or 0, got 128');
    expect(atRest(() => 40)()).toBe(40);
  });

  it.each([0, 1, 31, 128, 40.5, Number.NaN])(
    'counts no violation by the number %s: it would be lost',
    (check) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it comes to nothing
      expect(() => violated({} as never, check)).toThrow(
        `violated(${check}): a check of a scenario has a number from 32 to 127`,
      );
    },
  );

  it('refuses two checks of one name, which would be counted as one, or of one number', () => {
    const check = { number: 41, id: 'MINE', title: 'x' };

    expect(objectionTo(withMember({ checks: [check, { ...check, number: 42 }] }))).toContain('checks[1].id');
    expect(objectionTo(withMember({ checks: [check, { ...check, id: 'OTHER' }] }))).toContain(
      'checks[1].number',
    );
  });
});
