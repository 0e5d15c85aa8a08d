import { BARE_ROLE } from '../bare-role.ts';
import { type Strategy, unchanged } from '../../fix/strategy.ts';
import type { Subject } from '../../fix/subject.ts';
import type { Structure } from '../../memory/schema.ts';
import { fsOf, objectOf, pageOf, resetWorld } from '../../memory/structures.ts';
import { Model } from '../../model/model.ts';
import { OWN_CHECK_MIN, type Role, type Scenario } from '../scenario.ts';

/**
 * What threads are measured by before stores are said to wait: three tests of two actors, each of which has an outcome that no order of
 * the accesses explains. Store buffering (both store, then look at what the other stores) has to show it on an x86-64, message passing
 * (one stores data, then a flag; the other looks at the flag, then at the data) and store buffering with `smp_mb()` between must not.
 * They are strategies of one scenario, so that one start of the threads plays them all. No command lists it.
 */

/** Two words that both actors come to, each in a line of its own, and what was seen of them, both 0 where nothing explains it. */
const ONE = 2;
const OTHER = 20;
const SEEN_ONE = 4;
const SEEN_OTHER = 22;

/** Set where an actor, or one of the two looks of the second one, came behind the other's store. */
const LATE_ONE = 1;
const LATE_OTHER = 2;

const structures: readonly Structure[] = [
  fsOf({
    name: 'fs',
    title: 'two words',
    fields: [
      { name: 'one', word: ONE, kind: 'number', atRest: 0 },
      { name: 'other', word: OTHER, kind: 'number', atRest: 0 },
      { name: 'seen_one', word: SEEN_ONE, kind: 'aside', atRest: 1 },
      { name: 'seen_other', word: SEEN_OTHER, kind: 'aside', atRest: 1 },
    ],
  }),
  pageOf({ name: 'page', title: 'page', fields: [] }),
  objectOf({ name: 'object', title: 'object', fields: [] }),
];

/** Store buffering. */
class StoreBuffering extends Model {
  static override readonly structures: readonly Structure[] = structures;

  first(): void {
    this.storeAndLook(ONE, OTHER, SEEN_OTHER, LATE_OTHER);
  }

  second(): void {
    this.storeAndLook(OTHER, ONE, SEEN_ONE, LATE_ONE);
  }

  protected storeAndLook(own: number, others: number, seenAt: number, late: number): void {
    this.mem.writeOnce(this.fsInfo + own, 1);
    this.between();
    const seen = this.mem.readOnce(this.fsInfo + others);
    this.mem.writeGhost(this.fsInfo + seenAt, seen);
    if (seen === 1) this.note(late);
  }

  protected between(): void {}
}

class StoreBufferingFenced extends StoreBuffering {
  protected override between(): void {
    this.mem.smpMb();
  }
}

class MessagePassing extends StoreBuffering {
  override first(): void {
    this.mem.writeOnce(this.fsInfo + ONE, 1);
    this.mem.writeOnce(this.fsInfo + OTHER, 1);
  }

  override second(): void {
    const flag = this.mem.readOnce(this.fsInfo + OTHER);
    const data = this.mem.readOnce(this.fsInfo + ONE);
    this.mem.writeGhost(this.fsInfo + SEEN_OTHER, 1 - flag);
    this.mem.writeGhost(this.fsInfo + SEEN_ONE, data);
    // Seen between its two looks: the stores were being made.
    if (flag === 0 && data === 1) this.note(LATE_ONE | LATE_OTHER);
  }
}

function testOf(name: string, Class: typeof StoreBuffering): Strategy {
  return {
    ...unchanged(StoreBuffering),
    name,
    summary: name,
    origin: 'own',
    extend: () => class extends Class {},
  };
}

const subject: Subject = {
  name: 'store buffers',
  pagesAre: 'none',
  Model: StoreBuffering,
  strategies: [
    testOf('store buffering', StoreBuffering),
    testOf('message passing', MessagePassing),
    testOf('store buffering with smp_mb()', StoreBufferingFenced),
  ],
  notes: { lateOne: LATE_ONE, lateOther: LATE_OTHER },
  points: [],
  invariants: [],
  atRest: () => () => 0,
};

function roleOf(name: 'first' | 'second'): Role<StoreBuffering> {
  return {
    name,
    ...BARE_ROLE,
    program: [
      {
        name,
        run: ({ model }) => {
          model[name]();
          return 0;
        },
      },
    ],
  };
}

/** Of `outcomes`: what no order explains, and a trial in which the actors crossed, so that it could have come about. */
export const UNEXPLAINED = 0;
export const CROSSED = 1;

/** The scenario. */
export const calibrationScenario: Scenario = {
  subject,
  name: 'store-buffers',
  summary: 'whether stores wait in buffers, and nothing else does',
  origin: 'own',
  starts: [
    {
      name: 'start',
      summary: 'both words are 0',
      actors: [
        { role: 'first', count: 1 },
        { role: 'second', count: 1 },
      ],
      buffers: 0,
      stride: 64,
      reset: (words, geometry, fs) => {
        resetWorld(words, geometry, fs);
        words[fs + SEEN_ONE] = 1;
        words[fs + SEEN_OTHER] = 1;
      },
    },
  ],
  roles: [roleOf('first'), roleOf('second')],
  outcomes: [
    { name: 'unexplained', grade: 'FORBIDDEN', summary: 'what no order of the accesses explains' },
    { name: 'crossed', grade: 'ACCEPTABLE', summary: 'the actors came between each other' },
    { name: 'apart', grade: 'ACCEPTABLE', summary: 'one came behind the other' },
  ],
  classify: (notes) => (notes === (LATE_ONE | LATE_OTHER) ? CROSSED : 2),
  checks: [
    { number: OWN_CHECK_MIN, id: 'TSO', title: 'what no order of the accesses explains', origin: 'own' },
  ],
  atRest: (words, _geometry, fs) =>
    words[fs + SEEN_ONE] === 0 && words[fs + SEEN_OTHER] === 0 ? OWN_CHECK_MIN : 0,
};
