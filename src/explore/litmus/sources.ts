import type { Setting } from '../../scenario/setting.ts';
import type { ReplayEnd } from '../witness/replay.ts';
import type { Locations } from './locations.ts';
import type { Thread } from './threads.ts';

/** What is written: for herd7 and all that read its tests, or C for Dartagnan. */
export type LitmusForm = 'litmus' | 'c';

/** What a test is written from. */
export interface Source {
  readonly name: string;
  readonly threads: readonly Thread[];
  readonly locations: Locations;
  readonly schedule: string;
  readonly setting: Setting;
  /** Whether some step has its address from an earlier one. */
  readonly isOfAddress: boolean;
  readonly end: ReplayEnd;
  /** What the world holds in the end, if the trial was over. */
  readonly final: Int32Array | undefined;
}

/** How far a command is broken into lines. */
const COLUMNS = 80;

/** The commands that judge a test, by the name of its file: herd7 reads no C. */
export function judgingCommands(file: string, form: LitmusForm): readonly string[] {
  const dartagnan = `java -jar dartagnan/target/dartagnan.jar cat/linux-kernel.cat --target=lkmm ${file}`;
  return form === 'litmus'
    ? [`herd7 -conf linux-kernel.cfg ${file}`, dartagnan]
    : [`CFLAGS=-I$DAT3M_HOME/include ${dartagnan}`];
}

/** As a litmus test. */
export function litmusSource(source: Source): string {
  const { name, threads, locations } = source;
  const initial = [...locations.used].flatMap(([location, { first }]) =>
    first === 0 ? [] : [`${location}=${first};`],
  );
  return [
    `C ${name}`,
    '',
    '(*',
    ...headOf(source, 'litmus').map((line) => ` * ${line}`.trimEnd()),
    ' *)',
    '',
    `{ ${[...initial, ''].join(' ')}}`,
    '',
    ...threads.flatMap((thread, index) => litmusThread(thread, index, locations)),
    `exists (${conditionOf(source, (thread, register) => `${thread}:${register}`, '=').join(' /\\ ')})`,
    '',
  ].join('\n');
}

function litmusThread(thread: Thread, index: number, locations: Locations): string[] {
  const parameters = thread.locations.map((name) => `${typeOf(locations, name)} *${name}`);
  return [
    `P${index}(${parameters.join(', ')})`,
    '{',
    ...thread.registers.map((register) => `\tint ${register} = 0;`),
    ...thread.lines,
    '}',
    '',
  ];
}

/** As C for Dartagnan. */
export function cSource(source: Source): string {
  const { threads, locations } = source;
  const variables = [...locations.used].map(([location, { first, isLock }]) =>
    isLock ? `spinlock_t ${location};` : `atomic_t ${location} = ATOMIC_INIT(${first});`,
  );
  const condition = conditionOf(
    source,
    (_thread, register) => register,
    ' == ',
    (location) => `${location}.counter`,
  );
  return [
    '/*',
    ...headOf(source, 'c').map((line) => ` * ${line}`.trimEnd()),
    ' */',
    '#include <assert.h>',
    '#include <pthread.h>',
    '#include <stddef.h>',
    '#include <lkmm.h>',
    '',
    ...variables,
    ...threads.flatMap(({ registers }) => (registers.length === 0 ? [] : [`int ${registers.join(', ')};`])),
    '',
    ...(threads.some(({ lines }) => lines.some((line) => line.includes('atomic_add_unless(')))
      ? ADD_UNLESS
      : []),
    ...threads.flatMap(({ lines }, index) => [
      `static void *P${index}(void *unused)`,
      '{',
      ...lines,
      '\treturn NULL;',
      '}',
      '',
    ]),
    ...mainOf(threads.length, condition),
    '',
  ].join('\n');
}

/** lkmm.h has none; one that fails for another's sake is not taken again. */
const ADD_UNLESS: readonly string[] = [
  'static int atomic_add_unless(atomic_t *v, int a, int u)',
  '{',
  '\tint found = atomic_read(v);',
  '',
  '\treturn found != u && atomic_cmpxchg(v, found, found + a) == found;',
  '}',
  '',
];

function mainOf(threads: number, condition: readonly string[]): string[] {
  const all = Array.from({ length: threads }, (_, index) => index);
  return [
    'int main(void)',
    '{',
    `\tpthread_t ${all.map((index) => `t${index}`).join(', ')};`,
    '',
    ...all.map((index) => `\tpthread_create(&t${index}, NULL, P${index}, NULL);`),
    ...all.map((index) => `\tpthread_join(t${index}, NULL);`),
    `\tassert(!(${condition.join(' &&\n\t\t ')}));`,
    '\treturn 0;',
    '}',
  ];
}

function typeOf(locations: Locations, name: string): string {
  return locations.used.get(name)?.isLock === true ? 'spinlock_t' : 'atomic_t';
}

/** That every step gives what it gave, and that all holds in the end what it held. */
function conditionOf(
  { threads, locations, final }: Source,
  register: (thread: number, name: string) => string,
  equals: string,
  location: (name: string) => string = (name) => name,
): string[] {
  const pins = threads.flatMap(({ pins: own }, thread) =>
    own.map(({ register: name, value }) => `${register(thread, name)}${equals}${value}`),
  );
  const ends = [...locations.used].flatMap(([name, { valueIn }]) => {
    const value = final === undefined ? undefined : valueIn(final);
    return value === undefined ? [] : [`${location(name)}${equals}${value}`];
  });
  const all = [...pins, ...ends];
  return all.length === 0 ? ['true'] : all;
}

/** What the test is, and how it is to be read. */
function headOf(
  { name, threads, locations, schedule, setting, isOfAddress, end }: Source,
  form: LitmusForm,
): string[] {
  const bits = [...locations.masks];
  const texts = [
    `The witness ${schedule}`,
    ...(end.kind === 'violated' ? [`of ${setting.scenario.name}: ${end.invariant} ${end.title}.`] : []),
    `Threads: ${threads.map(({ label }, index) => `P${index} ${label}`).join(', ')}.`,
    ...(bits.length === 0 ? [] : [`Bits: ${bits.join(', ')}.`]),
    ...(locations.legend.length === 0 ? [] : [`Addresses: ${locations.legend.join(', ')}.`]),
    'Each thread has the one path that it took there. Operations of bits are those of their word, locks of pages ' +
      'exchanges of a location of their own, and read-write locks sums, as the model has none of these. What an if ' +
      'leads to goes on to the end of the path: where the arms of the kernel meet before, the test has dependencies ' +
      'that the kernel has not.',
    ...(isOfAddress
      ? [
          'An address that was read before is an if, which orders loads behind it less than the kernel has them.',
        ]
      : []),
    form === 'litmus'
      ? 'Judged by, in tools/memory-model of a kernel since 6.12, and in Dat3M:'
      : 'Too large for herd7, which goes through all executions. Judged in Dat3M, where FAIL says that the witness is allowed, by:',
  ];
  const commands = judgingCommands(`${name}.${form}`, form);
  return [...texts.flatMap((text) => folded(text)), '', ...commands.map((command) => `  ${command}`)];
}

/** In lines, and without what would end a comment. */
function folded(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replaceAll('*)', '* )').replaceAll('*/', '* /').split(' ')) {
    if (line !== '' && line.length + word.length + 4 > COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
