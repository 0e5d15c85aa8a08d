import { describe, expect, it } from 'vitest';
import { modelOf } from '../../../src/fix/plug-in/load.ts';
import type { Subject } from '../../../src/fix/subject.ts';
import { PlugInError } from '../../../src/fix/plug-in/plug-in-error.ts';
import { Fault } from '../../../src/memory/fault.ts';
import {
  type FsInfo,
  LINE_WORDS,
  PAGE_FLAGS,
  pageAt,
  SLAB_FREE,
  OBJECT_SLAB,
  worldWords,
} from '../../../src/memory/layout.ts';
import { objectInUse, resetWorld } from '../../../src/memory/structures.ts';
import type { Model, ModelClass, ModelParts } from '../../../src/model/model.ts';
import { layoutOf } from '../../../src/scenario/structure-layout.ts';
import { scenarioFrom } from '../../../src/scenario/scenario-module.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';

const SOURCE = './my-subject.mjs';

const structures = {
  shared: { name: 'box', fields: { slot: 'pointer', guard: 'lock' } },
  page: { name: 'sheet', fields: { sem: 'rwsem' } },
  object: { name: 'thing', fields: { refs: 'count', lock: 'lock' } },
} as const;
const { shared, page, object } = layoutOf(structures);

/** The class of a subject as its module has it. */
const model = (Base: typeof Model): ModelClass =>
  class Box extends Base {
    look(): number {
      return this.mem.readOnce(this.fsInfo + (shared['slot'] ?? 0));
    }
  };
const fix = (Base: ModelClass): ModelClass =>
  class Fixed extends Base {
    look(): number {
      return 0;
    }
  };
const good = { name: 'box', structures, model };

const actor = (name: string): object => ({ name, program: [{ name: 'look', run: () => 0 }] });
function scenarioOf(subject: unknown, member: object = {}): Scenario {
  const refuse = (objection: string, cause?: unknown): never => {
    throw new PlugInError(`${SOURCE}: ${objection}`, { cause });
  };
  const scenario = {
    subject,
    roles: [actor('a'), actor('b')],
    starts: [{ name: 'start', actors: [{ role: 'a' }, { role: 'b' }], reset: resetWorld }],
    outcomes: [
      { name: 'boom', grade: 'FORBIDDEN' },
      { name: 'fine', grade: 'ACCEPTABLE' },
    ],
    classify: () => 1,
    ...member,
  };
  return scenarioFrom({ default: scenario }, SOURCE, refuse, extentBuffer);
}
const subjectOf = (member: object, ofScenario: object = {}): Subject =>
  scenarioOf({ ...good, ...member }, ofScenario).subject;
const promises = (subject: Subject): readonly (readonly [string, string])[] =>
  subject.strategies.map(({ name, expectation }) => [name, expectation]);

/** A model with this in it. */
const modelWith =
  (mixin: (Base: typeof Model) => unknown) =>
  (Base: typeof Model): unknown =>
    mixin(Base);
const strategyWith = (extend: unknown): object => ({ strategies: [{ name: 'fix', extend }] });

describe('subjectFrom', () => {
  it('takes the model as it is for the control, and strategies for fixes', () => {
    const subject = subjectOf(strategyWith(fix));

    expect(subject).toMatchObject({ name: 'box', isPlugIn: true, invariants: [], points: [] });
    expect(promises(subject)).toEqual([
      ['none', 'violates'],
      ['fix', 'holds'],
    ]);
    expect(
      subject.strategies.map((strategy) => modelOf(strategy).prototype instanceof subject.Model),
    ).toEqual([true, true]);
  });

  it('takes a strategy of the control’s name for the control', () => {
    expect(promises(subjectOf({ strategies: [{ name: 'none', extend: fix }] }))).toEqual([
      ['none', 'violates'],
    ]);
    expect(promises(subjectOf(strategyWith(fix), { control: 'fix' }))).toEqual([
      ['none', 'violates'],
      ['fix', 'violates'],
    ]);
    expect(
      promises(subjectOf({ strategies: [{ name: 'none', expectation: 'holds', extend: fix }] })),
    ).toEqual([['none', 'holds']]);
  });

  it.each([
    [{ name: undefined }, 'subject: has no name'],
    [{ name: '' }, 'subject.name: expected the name of what it is, in one line, got ""'],
    [{ name: 'a\nb' }, 'subject.name: expected the name of what it is, in one line, got "a\\nb"'],
    [{ name: 'x'.repeat(99) }, 'subject.name: expected the name of what it is, in one line, got "xxx'],
    [{ name: 3 }, 'subject.name: expected text, got 3'],
    [{ modell: 3 }, "subject: unknown member 'modell'; did you mean model?"],
    [{ structures: undefined }, 'subject: has no structures'],
    [{ structures: 3 }, 'subject.structures: expected an object, got 3'],
    [{ structures: { objct: {} } }, "subject.structures: unknown member 'objct'; did you mean object?"],
    [{ structures: { object: { name: 'x' } } }, 'subject.structures.object: has no fields'],
    [
      { structures: { object: { name: 'x1', fields: {} } } },
      'subject.structures.object.name: expected a name',
    ],
    [
      { structures: { object: { name: 'x', fields: { a: 'int' } } } },
      'subject.structures.object.fields.a: expected count, number',
    ],
    [
      {
        structures: {
          object: {
            name: 'x',
            get fields(): object {
              throw new Error('mine');
            },
          },
        },
      },
      'subject.structures.object: throws: mine',
    ],
    [{ model: undefined }, 'subject: has no model'],
    [{ model: 3 }, 'subject.model: expected a function, got 3'],
    [{ model: async () => {} }, 'subject.model: is async: an ordinary function is what is called'],
    [{ model: () => null }, 'subject.model: it returned no subclass of the class it was given'],
    [{ model: (Base: unknown) => Base }, 'subject.model: it returned no subclass of the class it was given'],
    [{ model: Map }, 'subject.model: throws: Constructor Map requires'],
    [
      { model: () => Promise.resolve() },
      'subject.model: it returned a promise: it has to return a class, at once',
    ],
    [
      { model: modelWith((Base) => new Proxy(class extends Base {}, {})) },
      'subject.model: it returned a Proxy: expected a class',
    ],
    [
      {
        model: () => {
          throw new Error('mine\nmore');
        },
      },
      'subject.model: throws: mine',
    ],
    [
      {
        model: modelWith(
          (Base) =>
            class extends Base {
              async look(): Promise<void> {}
            },
        ),
      },
      'subject.model: look is async: an override is an ordinary method',
    ],
    [
      {
        model: modelWith(
          (Base) =>
            class extends Base {
              get look(): number {
                return 1;
              }
            },
        ),
      },
      'subject.model: look is an accessor: an override is an ordinary method',
    ],
    [
      {
        model: modelWith(
          (Base) =>
            class extends Base {
              look = (): number => 1;
            },
        ),
      },
      'subject.model: look is a field of its objects: an override is an ordinary method',
    ],
    [
      {
        model: modelWith(
          (Base) =>
            class extends Base {
              static override structures = [];
            },
        ),
      },
      'subject.model: has structures of its own: they stand beside it',
    ],
    [
      {
        model: modelWith((Base) => Object.assign(class extends Base {}, { functionParts: ['look'] })),
      },
      'subject.model: functionParts: expected a Map of the names of functions',
    ],
    [
      { model: modelWith((Base) => Object.assign(class extends Base {}, { inlined: new Set([1]) })) },
      'subject.model: inlined: expected a Set of the names of methods',
    ],
    [
      {
        model: modelWith(
          (Base) =>
            class extends Base {
              constructor(parts: ModelParts) {
                super(parts);
                this.mem.rcuReadLock();
              }
            },
        ),
      },
      'subject.model: throws: its constructor uses memory: it may keep it only',
    ],
    [{ strategies: [] }, 'subject.strategies: expected a list with something in it, got []'],
    [{ strategies: [3] }, 'subject.strategies[0]: expected an object, got 3'],
    [{ strategies: [{ name: 'fix' }] }, 'subject.strategies[0]: has no extend'],
    [
      { strategies: [{ name: 'A fix', extend: fix }] },
      'subject.strategies[0].name: expected a name in lower',
    ],
    [{ strategies: [{ name: 'all', extend: fix }] }, 'subject.strategies[0].name: expected another name'],
    [
      { strategies: [{ name: 'fix', expectation: 'maybe', extend: fix }] },
      "subject.strategies[0].expectation: expected 'holds' or 'violates', got \"maybe\"",
    ],
    [
      { strategies: [{ name: 'fix', summary: 3, extend: fix }] },
      'subject.strategies[0].summary: expected text, got 3',
    ],
    [
      {
        strategies: [
          { name: 'fix', extend: fix },
          { name: 'fix', extend: fix },
        ],
      },
      "subject.strategies: 'fix' occurs twice",
    ],
    [strategyWith(3), 'subject.strategies[0].extend: expected a function, got 3'],
    [
      strategyWith(() => null),
      'subject.strategies[0].extend: it returned no subclass of the class it was given',
    ],
    [
      strategyWith(() => {
        throw new Error('mine');
      }),
      'subject.strategies[0].extend: no model can be made of it: mine',
    ],
    [
      strategyWith(
        (Base: typeof Model) =>
          class extends Base {
            lok(): void {}
          },
      ),
      'subject.strategies[0].extend: lok is no method of the model; did you mean look?',
    ],
    [{ points: [{ name: 'Somewhere' }] }, 'subject.points[0].name: expected a name such as find:ref'],
    [{ points: [{ name: 'find:ref' }, { name: 'find:ref' }] }, "subject.points: 'find:ref' occurs twice"],
  ])('says what is wrong, with file and member: %#', (member, expected) => {
    let said = '';
    try {
      subjectOf(member);
    } catch (error) {
      if (!(error instanceof PlugInError)) throw error;
      said = error.message;
    }

    expect(said).toContain(`${SOURCE}: ${expected}`);
    expect(said).not.toContain('\n');
  });

  it('refuses a model, or a strategy, that is not the same twice', () => {
    let calls = 0;
    const turned = (Base: ModelClass): ModelClass => (++calls % 2 === 0 ? class extends Base {} : fix(Base));

    expect(() =>
      subjectOf({ model: (Base: typeof Model) => (++calls % 2 === 0 ? class extends Base {} : model(Base)) }),
    ).toThrow('subject.model: it returned another class when it was called again');
    expect(() => subjectOf(strategyWith(turned))).toThrow(
      'subject.strategies[0].extend: it returned another class when it was called again',
    );
  });

  it('refuses a control that is none of its strategies', () => {
    expect(() => scenarioOf(good, { control: 'nobody' })).toThrow(
      `${SOURCE}: control: expected a strategy of the subject (none), got "nobody"`,
    );
  });

  it('lets columns of a replay be any word of an object', () => {
    const column = { label: 'last', word: 31 };
    const fields = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`f${at}`, 'number']));
    const long = { ...good, structures: { object: { name: 'thing', fields } } };

    expect(scenarioOf(long, { replayColumns: [column] }).replayColumns).toMatchObject([column]);
    expect(() => scenarioOf(good, { replayColumns: [column] })).toThrow(
      'replayColumns[0].word: expected an integer from 0 to 15, got 31',
    );
  });
});

describe('at rest', () => {
  const { Model: Base, atRest } = subjectOf({});
  const geometry = { structures: Base.structures, pages: 2, buffers: 2 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- where a world may begin
  const fs = LINE_WORDS as FsInfo;

  /** What the world is judged to break once something has been done to it. */
  function judged(change: (words: Int32Array, thing: number) => void): number {
    const words = new Int32Array(fs + worldWords(geometry));
    resetWorld(words, geometry, fs);
    change(words, objectInUse(words, geometry, fs, 1));
    return atRest({ words, geometry, isIoDone: true, bioReferences: 0 })(fs);
  }
  const at = (words: Readonly<Record<string, number>>, field: string): number => words[field] ?? -1;

  it.each([
    ['a spin lock of all', (words) => void (words[fs + at(shared, 'guard')] = 1)],
    ['the lock of a page', (words) => void (words[pageAt(fs, 1) + PAGE_FLAGS] = 1)],
    ['a read-write lock to read', (words) => void (words[pageAt(fs, 1) + at(page, 'sem')] = 1)],
    ['a read-write lock to write', (words) => void (words[pageAt(fs, 0) + at(page, 'sem')] = -1)],
    ['a lock of an object in use', (words, thing) => void (words[thing + at(object, 'lock')] = 2)],
  ] as readonly (readonly [string, (words: Int32Array, thing: number) => void])[])(
    'nobody may hold %s',
    (_name, change) => {
      expect(judged(change)).toBe(Fault.LockHeld);
    },
  );

  it('nothing is wrong with a world in which all is free, nor with a lock of an object that is gone', () => {
    expect(judged(() => {})).toBe(0);
    expect(
      judged((words, thing) => {
        words[thing + at(object, 'lock')] = 2;
        words[thing + OBJECT_SLAB] = SLAB_FREE;
      }),
    ).toBe(0);
  });
});
