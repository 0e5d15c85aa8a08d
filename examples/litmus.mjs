/**
 * The classic tests of shared memory, a start state each: SB, MP, LB, IRIW, 2+2W and CoRR on two words, x and y. What threads
 * read they note, and a trial ends as `seen-` and what was read, one digit each; for 2+2W as what x and y are at the end, 0 for 1
 * and 1 for 2. What no interleaving shows is `not-sc`, which is FORBIDDEN: explore proves that it cannot happen, and threads,
 * whose accesses are atomic, must never show it.
 *
 *     ebtorture explore --scenario ./litmus.mjs --start sb
 *     ebtorture stress --scenario ./litmus.mjs --start iriw --trials 10M
 */
import { FS_OWN, OWN_NOTES, PAGE_OWN, builtIn, defineScenario, note, pageAt } from 'ebtorture/scenario';

const cold = builtIn.starts.find(({ name }) => name === 'cold');
const SEEN = OWN_NOTES.slice(0, 4);
const TEST = OWN_NOTES.slice(4, 7);

const x = ({ model }) => model.fsInfo + FS_OWN;
const y = ({ model }) => model.fsInfo + FS_OWN + 1;
/** How many writers of 2+2W are through. */
const done = ({ model }) => pageAt(model.fsInfo, 0) + PAGE_OWN;

const write = (word, value) => (context) => context.memory.writeOnce(word(context), value);
const read = (word, register) => (context) => {
  if (context.memory.readOnce(word(context)) !== 0) note(context, SEEN[register]);
};
const finish = (context) => context.memory.atomicInc(done(context));
const observe = (context) => {
  while (context.memory.atomicRead(done(context)) < 2) context.memory.cpuRelax();
  if (context.memory.readOnce(x(context)) === 2) note(context, SEEN[0]);
  if (context.memory.readOnce(y(context)) === 2) note(context, SEEN[1]);
};

/** By test: what each thread does, how many words are read, and what no interleaving shows. */
const TESTS = {
  sb: {
    threads: [
      [write(x, 1), read(y, 0)],
      [write(y, 1), read(x, 1)],
    ],
    reads: 2,
    forbidden: '00',
  },
  mp: {
    threads: [
      [write(x, 1), write(y, 1)],
      [read(y, 0), read(x, 1)],
    ],
    reads: 2,
    forbidden: '10',
  },
  lb: {
    threads: [
      [read(x, 0), write(y, 1)],
      [read(y, 1), write(x, 1)],
    ],
    reads: 2,
    forbidden: '11',
  },
  iriw: {
    threads: [[write(x, 1)], [write(y, 1)], [read(x, 0), read(y, 1)], [read(y, 2), read(x, 3)]],
    reads: 4,
    forbidden: '1010',
  },
  'two-plus-two-w': {
    threads: [[write(x, 1), write(y, 2), finish], [write(y, 1), write(x, 2), finish], [observe]],
    reads: 2,
    forbidden: '00',
  },
  corr: { threads: [[write(x, 1)], [read(x, 0), read(x, 1)]], reads: 2, forbidden: '10' },
};
const names = Object.keys(TESTS);

/** All that can be read: two digits, then four. */
const patterns = [2, 4].flatMap((digits) =>
  Array.from({ length: 2 ** digits }, (_, bits) => bits.toString(2).padStart(digits, '0')),
);
const outcomes = [
  { name: 'broken', grade: 'FORBIDDEN', summary: 'the world was left as it must not be' },
  { name: 'not-sc', grade: 'FORBIDDEN', summary: 'no interleaving shows this' },
  ...patterns.map((pattern) => ({ name: `seen-${pattern}`, grade: 'ACCEPTABLE' })),
];

export default defineScenario({
  summary: 'SB, MP, LB, IRIW, 2+2W and CoRR',
  roles: names.flatMap((test, number) =>
    TESTS[test].threads.map((steps, thread) => ({
      name: `${test}-${thread}`,
      program: [
        {
          name: `thread ${thread}`,
          run: (context) => {
            note(
              context,
              TEST.reduce((bits, bit, index) => bits | (((number >> index) & 1) * bit), 0),
            );
            for (const step of steps) step(context);
          },
        },
      ],
    })),
  ),
  starts: names.map((test) => ({
    ...cold,
    name: test,
    summary: `${test}: ${TESTS[test].forbidden} must not be seen`,
    actors: TESTS[test].threads.map((_, thread) => ({ role: `${test}-${thread}`, count: 1 })),
    stride: 64,
  })),
  outcomes,
  classify: (notes) => {
    const number = TEST.reduce((sum, bit, index) => sum + (((notes & bit) === 0 ? 0 : 1) << index), 0);
    const test = TESTS[names[number]] ?? TESTS.sb;
    const seen = SEEN.slice(0, test.reads).reduce(
      (text, bit) => text + ((notes & bit) === 0 ? '0' : '1'),
      '',
    );
    return seen === test.forbidden ? 1 : 2 + patterns.indexOf(seen);
  },
});
