import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import { describe, expect, it } from 'vitest';
import { builtIn, roleNamed, startNamed } from '../../../src/catalog/scenario-api.ts';
import { scenarioFrom } from '../../../src/scenario/scenario-module.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { stalePut } from '../../helpers/stale-put.ts';

const bare = {
  roles: [roleNamed('finder'), roleNamed('reclaim')],
  starts: [startNamed('primed')],
  outcomes: [
    { name: 'boom', grade: 'FORBIDDEN' },
    { name: 'fine', grade: 'ACCEPTABLE' },
  ],
  classify: () => 1,
};

/** The scenario of a module with these members beside what it must have. */
function loaded(members: object): Scenario {
  return scenarioFrom(
    { default: { ...bare, ...members } },
    './my-race.mjs',
    (objection) => {
      throw new Error(objection);
    },
    extentBuffer,
  );
}

const measure = { name: 'met', note: 1 };
const rung = { start: 'primed', actors: bare.starts[0]?.actors, pages: 1 };
const cost: object = { name: 'find', column: 'find', start: 'primed', run: () => {} };

describe('what a scenario of a user declares', () => {
  it('may be all that one of the project does', () => {
    const { name: _name, subject: _subject, ...members } = stalePut;
    const scenario = loaded({ ...members, widening: { point: 'release:zero', ns: 50 } });

    expect(scenario.measures?.map(({ note }) => note)).toEqual(stalePut.measures?.map(({ note }) => note));
    expect(scenario.measures?.[1]).toEqual({ isNearMiss: false, ...stalePut.measures?.[1] });
    expect(scenario.costs?.map(({ column }) => column)).toEqual(['a put', 'the last']);
    expect(scenario.ladder?.delays).toEqual(stalePut.ladder?.delays);
    expect(scenario.ladder?.rungs[0]).toMatchObject({ ...stalePut.ladder?.rungs[0] });
    expect(scenario).toMatchObject({
      control: 'early-check',
      promises: { none: 'holds', 'early-check': 'violates' },
      replayColumns: stalePut.replayColumns,
      widening: stalePut.widening,
    });
  });

  it('may be what the built-in scenario declares', () => {
    const { measures, costs, ladder, replayColumns, starts, roles } = builtIn;
    const scenario = loaded({ measures, costs, ladder, replayColumns, starts, roles });

    expect(scenario.measures?.map(({ fields }) => fields)).toEqual(measures?.map(({ fields }) => fields));
    expect(scenario.replayColumns).toMatchObject(replayColumns ?? []);
    expect(scenario.ladder?.sampled).toMatchObject(ladder?.sampled ?? []);
  });

  it('is nothing where it is left out', () => {
    expect(Object.keys(loaded({})).toSorted()).toEqual(
      [
        'classify',
        'isPlugIn',
        'name',
        'origin',
        'outcomes',
        'roles',
        'starts',
        'subject',
        'summary',
      ].toSorted(),
    );
  });

  it('takes its defaults from the rest', () => {
    expect(loaded({ ladder: { rungs: [rung] } }).ladder?.rungs[0]).toMatchObject({ readsFail: false });
  });

  it.each([
    [{ measures: [] }, 'measures: expected a list with something in it'],
    [
      { measures: [{ name: 'Met', note: 1 }] },
      'measures[0].name: expected a name such as dyingFound, got "Met"',
    ],
    [{ measures: [{ ...measure, note: 3 }] }, 'measures[0].note: expected one bit'],
    [{ measures: [{ ...measure, note: 0 }] }, 'measures[0].note: expected one bit'],
    [{ measures: [measure, measure] }, "measures: 'met' occurs twice"],
    [{ measures: [{ ...measure, role: 'seen' }] }, "measures[0].role: expected 'met' or 'mended'"],
    [
      { measures: ['one', 'other'].map((name) => ({ name, note: 1, role: 'met' })) },
      "measures: expected one of role 'met' at most, got 2",
    ],
    [{ measures: [{ ...measure, phrases: { say: 'it' } }] }, "measures[0].phrases: unknown member 'say'"],
    [{ costs: [{ ...cost, start: 'cold' }] }, 'costs[0].start: expected one of primed, got "cold"'],
    [{ costs: [{ ...cost, run: undefined }] }, 'costs[0]: has no run'],
    [{ costs: [{ ...cost, run: async () => {} }] }, 'costs[0].run: is async'],
    [{ ladder: { rungs: [] } }, 'ladder.rungs: expected a list with something in it'],
    [{ ladder: { rungs: [{ ...rung, pages: 99 }] } }, 'ladder.rungs[0].pages: expected an integer from 1'],
    [
      { ladder: { rungs: [{ ...rung, actors: [{ role: 'reader' }] }] } },
      'ladder.rungs[0].actors[0].role: expected one of finder, reclaim',
    ],
    [{ ladder: { rungs: [rung], few: [1] } }, 'ladder.few[0]: expected an integer from 0 to 0'],
    [
      { ladder: { rungs: [rung], delays: [{ 'free:entri': 3 }] } },
      "unknown member 'free:entri'; did you mean",
    ],
    [{ control: '' }, 'control: expected text'],
    [{ promises: { none: 'maybe' } }, "promises['none']: expected 'holds' or 'violates'"],
    [{ promises: 3 }, 'promises: expected an object'],
    [{ replayColumns: [{ label: 'refs', word: -1 }] }, 'replayColumns[0].word: expected an integer from 0'],
    [{ widening: { point: 'free:entry' } }, 'widening: has no ns'],
    [{ widening: { point: 'nowhere', ns: 3 } }, 'widening.point: expected a point of'],
  ])('%j is refused in one line', (members, objection) => {
    expect(() => loaded(members)).toThrow(objection);
  });
});
