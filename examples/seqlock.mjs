// seqlock.mjs
// A sequence lock (include/linux/seqlock.h). The writer makes the count odd, writes two words that belong together, and makes the
// count even again. A reader that does not look at the count may see half of a write; one that reads again where the count was odd
// or has changed may not.
import {
  FS_OWN,
  OWN_NOTES,
  PAGE_OWN,
  defineScenario,
  note,
  pageAt,
  startNamed,
  violated,
} from 'ebtorture/scenario';

const TORN = 50;
const [OLD, NEW] = OWN_NOTES;
const wordsOf = ({ model }) => ({
  count: pageAt(model.fsInfo, 0) + PAGE_OWN,
  first: model.fsInfo + FS_OWN,
  second: model.fsInfo + FS_OWN + 1,
});

function write(context) {
  const { count, first, second } = wordsOf(context);
  context.memory.atomicInc(count);
  context.memory.writeOnce(first, 1);
  context.memory.writeOnce(second, 1);
  context.memory.atomicInc(count);
}

function readBoth(context) {
  const { first, second } = wordsOf(context);
  return [context.memory.readOnce(first), context.memory.readOnce(second)];
}

function readAgain(context) {
  const { count } = wordsOf(context);
  for (;;) {
    const before = context.memory.atomicRead(count);
    const both = readBoth(context);
    if (before % 2 === 0 && context.memory.atomicRead(count) === before) return both;
    context.memory.cpuRelax();
  }
}

const reader = (name, read) => ({
  name,
  program: [
    {
      name: 'read',
      run: (context) => {
        const [first, second] = read(context);
        if (first !== second) violated(context, TORN);
        note(context, first === 0 ? OLD : NEW);
      },
    },
  ],
});

const against = (role) => [{ role }, { role: 'writer' }];

export default defineScenario({
  summary: 'a reader against the writer of a sequence lock',
  roles: [
    { name: 'writer', program: [{ name: 'write', run: write }] },
    reader('once', readBoth),
    reader('again', readAgain),
  ],
  starts: [
    { ...startNamed('cold'), name: 'before', actors: against('once'), stride: 64 },
    { ...startNamed('cold'), name: 'after', actors: against('again'), stride: 64 },
  ],
  checks: [{ number: TORN, id: 'TORN', title: 'half of a write was read' }],
  outcomes: [
    { name: 'torn', grade: 'FORBIDDEN' },
    { name: 'old', grade: 'ACCEPTABLE' },
    { name: 'new', grade: 'ACCEPTABLE' },
  ],
  classify: (notes) => ((notes & NEW) === 0 ? 1 : 2),
});
