/**
 * A sequence lock: a writer makes the count odd, writes two words that belong together, and makes it even again. A reader that does
 * not look at the count may see half of a write (a torn read); one that reads again where the count was odd or has changed may not.
 *
 *     ebtorture explore --scenario ./seqlock.mjs --start before
 *     ebtorture explore --scenario ./seqlock.mjs --start after
 */
import {
  FS_OWN,
  PAGE_OWN,
  builtIn,
  defineScenario,
  note,
  OWN_NOTES,
  pageAt,
  violated,
} from 'ebtorture/scenario';

const TORN = 50;
const [OLD, NEW] = OWN_NOTES;
const cold = builtIn.starts.find(({ name }) => name === 'cold');
const sequence = ({ model }) => pageAt(model.fsInfo, 0) + PAGE_OWN;
const first = ({ model }) => model.fsInfo + FS_OWN;
const second = ({ model }) => model.fsInfo + FS_OWN + 1;

function write(context) {
  const { memory } = context;
  memory.atomicInc(sequence(context));
  memory.writeOnce(first(context), 1);
  memory.writeOnce(second(context), 1);
  memory.atomicInc(sequence(context));
}

function judge(context, one, other) {
  if (one !== other) violated(context, TORN);
  note(context, one === 0 ? OLD : NEW);
}

function readOnce(context) {
  const { memory } = context;
  judge(context, memory.readOnce(first(context)), memory.readOnce(second(context)));
}

function readAgain(context) {
  const { memory } = context;
  for (;;) {
    const before = memory.atomicRead(sequence(context));
    const one = memory.readOnce(first(context));
    const other = memory.readOnce(second(context));
    if (before % 2 === 0 && memory.atomicRead(sequence(context)) === before) {
      judge(context, one, other);
      return;
    }
    memory.cpuRelax();
  }
}

const role = (name, operation, run) => ({ name, program: [{ name: operation, run }] });

export default defineScenario({
  summary: 'a reader against the writer of a sequence lock',
  origin: 'include/linux/seqlock.h: read_seqbegin, read_seqretry, write_seqlock',
  roles: [
    role('writer', 'write_seqlock', write),
    role('reader', 'read_words', readOnce),
    role('seq-reader', 'read_seqbegin', readAgain),
  ],
  starts: [
    ['before', 'reader'],
    ['after', 'seq-reader'],
  ].map(([name, reader]) => ({
    ...cold,
    name,
    summary: `both words are 0; a ${reader} reads them`,
    actors: [
      { role: reader, count: 1 },
      { role: 'writer', count: 1 },
    ],
    stride: 64,
  })),
  checks: [{ number: TORN, id: 'TORN', title: 'half of a write was read' }],
  outcomes: [
    { name: 'torn', grade: 'FORBIDDEN', summary: 'half of a write was read' },
    { name: 'old', grade: 'ACCEPTABLE' },
    { name: 'new', grade: 'ACCEPTABLE' },
  ],
  classify: (notes) => ((notes & NEW) === 0 ? 1 : 2),
});
