import { BARE_ROLE } from '../bare-role.ts';
import { type Strategy, unchanged } from '../../fix/strategy.ts';
import type { Subject } from '../../fix/subject.ts';
import { Fault } from '../../memory/fault.ts';
import {
  ACTORS_MAX,
  FS_BIO,
  FS_IO,
  FS_OOPS,
  FS_OWN,
  FS_PAGES,
  type FsInfo,
  OWN_WORDS,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  PAGE_WORDS,
  PAGES_MAX,
} from '../../memory/layout.ts';
import type { Structure } from '../../memory/schema.ts';
import { fsOf, objectOf, pageOf, resetWorld } from '../../memory/structures.ts';
import { Model } from '../../model/model.ts';
import { CONTROL_DEFAULT } from '../promises.ts';
import { type Outcome, OWN_CHECK_MIN, type Role, type Scenario } from '../scenario.ts';
import { runThread } from './litmus-program.ts';
import {
  LitmusError,
  type LitmusTest,
  type LitmusThread,
  type Observed,
  observedText,
} from './litmus-test.ts';
import { meets } from './parse-condition.ts';

/** Words of a world that locations and registers may stand in: not the first, which holds what an allocation gives. */
const FRAME: ReadonlySet<number> = new Set([0, FS_OOPS, FS_IO, FS_OWN, FS_OWN + OWN_WORDS - 1]);
const ROOM: readonly number[] = Array.from({ length: FS_BIO }, (_, word) => word).filter(
  (word) => !FRAME.has(word),
);
/** Words of a page that registers may stand in, which do not fit there. */
const PAGE_ROOM: readonly number[] = Array.from({ length: PAGE_OWN }, (_, word) => word).filter(
  (word) => word !== PAGE_FLAGS && word !== PAGE_OWNER,
);
const STRIDE = 64;

const outcomes: readonly Outcome[] = [
  { name: 'met', grade: 'FORBIDDEN', summary: 'what the test asks for came about' },
  { name: 'ended', grade: 'ACCEPTABLE', summary: 'it did not' },
];

/** Where everything of a test stands, in words behind the start of its world. */
interface Layout {
  readonly structures: readonly Structure[];
  /** By location, or by the text of an observed register. */
  readonly wordOf: (name: string) => number;
  /** Pages that it takes. */
  readonly pages: number;
}

/**
 * A test as a scenario, `name` that of its file: its locations are words of a subject made for it, its threads are roles, and what it
 * observes of registers is put down for the check at rest where a thread ends. A final state of the kind that is asked for (one that meets
 * the condition of `exists` or `~exists`, one that does not meet that of `forall`) is a violation, so that there is a witness.
 * @throws {LitmusError} If there are more threads or words than a world has room for.
 */
export function litmusScenario(test: LitmusTest, name: string): Scenario {
  if (test.threads.length > ACTORS_MAX)
    throw new LitmusError(1, `${test.threads.length} threads are too many: there may be ${ACTORS_MAX}`);
  const layout = layoutFor(test);
  const isAskedFor = (words: Int32Array, fs: FsInfo): boolean => {
    const valueOf = (observed: Observed): number => words[fs + layout.wordOf(observedText(observed))] ?? 0;
    return meets(test.condition, valueOf) !== (test.quantifier === 'forall');
  };
  const asked = `${test.quantifier} ${test.conditionText}`;
  return {
    subject: subjectFor(test, layout),
    name,
    summary: `litmus test ${test.name}`,
    origin: name,
    starts: [
      {
        name: 'start',
        summary: 'as the test says',
        actors: test.threads.map((thread) => ({ role: thread.name, count: 1 })),
        serves: Object.fromEntries(test.threads.map((thread) => [thread.name, 1])),
        buffers: 0,
        stride: STRIDE,
        reset: (words, geometry, fs) => {
          if (geometry.pages < layout.pages)
            throw new RangeError(`--pages: what the test observes takes ${layout.pages}; leave it out`);
          resetWorld(words, geometry, fs);
          for (const [location, value] of test.locations) words[fs + layout.wordOf(location)] = value;
        },
      },
    ],
    roles: test.threads.map((thread, index) => roleFor(thread, index, test, layout)),
    outcomes,
    pages: layout.pages,
    classify: () => 1,
    checks: [{ number: OWN_CHECK_MIN, id: 'MET', title: `a final state of ${asked}`, origin: name }],
    atRest: (words, _geometry, fs) => (isAskedFor(words, fs) ? OWN_CHECK_MIN : 0),
    litmus: {
      test: test.name,
      quantifier: test.quantifier,
      condition: test.conditionText,
      observedAt: test.observed.map((one) => layout.wordOf(observedText(one))),
      stateText: (values) => stateText(test, values),
    },
  };
}

function stateText({ observed, condition }: LitmusTest, values: readonly number[]): string {
  const names = observed.map(observedText);
  const valueOf = (one: Observed): number => values[names.indexOf(observedText(one))] ?? 0;
  const texts = names.map((name, index) => `${name}=${values[index] ?? 0};`);
  return `${meets(condition, valueOf) ? '*>' : ':>'}${texts.join(' ')}`;
}

function roleFor(thread: LitmusThread, index: number, test: LitmusTest, { wordOf }: Layout): Role {
  const own = test.observed.filter(({ thread: of }) => of === index);
  return {
    name: thread.name,
    ...BARE_ROLE,
    program: [
      {
        name: thread.name,
        run: ({ memory, model: { fsInfo } }) => {
          const registers = runThread(thread.body, {
            memory,
            addressOf: (location) => fsInfo + wordOf(location),
          });
          for (const observed of own)
            memory.writeGhost(fsInfo + wordOf(observedText(observed)), registers.get(observed.name) ?? 0);
          return 0;
        },
      },
    ],
  };
}

function layoutFor(test: LitmusTest): Layout {
  const locations = [...test.locations.keys()];
  const registers = test.observed.filter(({ thread }) => thread >= 0).map(observedText);
  const places = [...ROOM, ...Array.from({ length: PAGES_MAX }, (_, page) => page).flatMap(wordsOfPage)];
  const names = [...locations, ...registers];
  if (locations.length > ROOM.length)
    throw new LitmusError(1, `${locations.length} locations are too many: there may be ${ROOM.length}`);
  if (names.length > places.length)
    throw new LitmusError(
      1,
      `${names.length} locations and registers are too many: there may be ${places.length}`,
    );
  const words = new Map(names.map((name, index) => [name, places[index] ?? 0]));
  const inFs = names.slice(0, ROOM.length);
  const fields = inFs.map(
    (name, index) =>
      ({
        name,
        word: words.get(name) ?? 0,
        kind: index < locations.length ? 'number' : 'aside',
        atRest: 0,
      }) as const,
  );
  const seen = PAGE_ROOM.map((word) => ({ name: `seen${word}`, word, kind: 'aside', atRest: 0 }) as const);
  return {
    structures: [
      fsOf({ name: 'fs', title: 'litmus test', fields }),
      pageOf({ name: 'page', title: 'page', fields: seen }),
      objectOf({ name: 'object', title: 'object', fields: [] }),
    ],
    wordOf: (name) => words.get(name) ?? 0,
    pages: Math.max(1, Math.ceil((names.length - ROOM.length) / PAGE_ROOM.length)),
  };
}

function wordsOfPage(page: number): readonly number[] {
  return PAGE_ROOM.map((word) => FS_PAGES + page * PAGE_WORDS + word);
}

function subjectFor(test: LitmusTest, { structures }: Layout): Subject {
  class LitmusModel extends Model {
    static override readonly structures: readonly Structure[] = structures;

    /** Threads of a test may end while they hold a lock. */
    protected override violated(check: number): void {
      if (check !== Fault.LockHeld) super.violated(check);
    }
  }
  const control: Strategy = {
    ...unchanged(LitmusModel),
    name: CONTROL_DEFAULT,
    summary: 'the test as it is',
    origin: test.name,
  };
  return {
    name: `litmus test ${test.name}`,
    pagesAre: 'none',
    Model: LitmusModel,
    strategies: [control],
    notes: {},
    points: [],
    invariants: [],
    atRest: () => () => 0,
  };
}
