/** Words that command lines are made of. */
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { POINTS } from '../../../src/subject/extent-buffer/v5.7/point.ts';
import { TOPICS } from '../../../src/report/listing.ts';

/** Names that every object has. */
export const INHERITED: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** Text that no option is made for. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '-',
  '---',
  '=',
  ',',
  ',,',
  'a=',
  '=1',
  'x=1,x=1',
  '~',
  ':',
  '%',
  '%s',
  '%00',
  '*',
  "'",
  '"',
  '$(id)',
  '`id`',
  '[]',
  '{}',
  'null',
  'undefined',
  'true',
  'NaN',
  'é日本',
  '１２',
  'a\nb',
  '\r\n',
  '\t',
  '\u0007\u001b[31m',
  'a\u202eb',
  '\u2028\u200f',
  '\ue000\u{10ffff}',
  'x'.repeat(5_000),
  ' '.repeat(100_000),
  '9'.repeat(400),
  ...INHERITED,
];

/** Numbers at the limits of what any option takes, and beyond. */
const NUMBERS: readonly string[] = [
  '0',
  '-0',
  '1',
  '-1',
  '2',
  '16',
  '17',
  '64',
  '65',
  '256',
  '65536',
  '65537',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '1e15',
  '1e16',
  '1e999',
  '0x10',
  '+1',
  '1_000',
  '1.5',
  '.5',
  '5.',
  '1e-7',
  '0.01',
  '0.010001',
  'Infinity',
  ' 1',
];

const DURATIONS: readonly string[] = ['99ms', '0s', '31d', '1e3s', '-1s', '100 ms', '100MS', '1h1m', 's'];
const NAMES: readonly string[] = strategies.map(({ name }) => name);
const MUTANTS: readonly string[] = [
  'upstream~set_io_pages/check_buffer_tree_ref/atomic_inc.eb.refs/drop',
  'upstream~set_io_pages/atomic_set.eb.io_pages/dro',
  'upstream~set_io_page/atomic_set.eb.io_pages/drop',
  'none~constructor/constructor/drop',
  '~set_io_pages/atomic_set.eb.io_pages/drop',
];
const SETTING_ACTORS: readonly string[] = [
  'finder=1,reclaim=1',
  'finder=2,reclaim=1',
  'finder=1,reclaim=1,end-io=1',
  'readahead=1,reclaim=1,end-io=1',
  'finder=16',
  'finder=1',
  'finder=8,reclaim=9',
  'read=1,reclaim=1',
];
/** Modules of the folder that are scenarios, and some that are none. */
const SCENARIOS: readonly string[] = [
  './stale-put.mjs',
  './seqlock.mjs',
  './frozen-refcount.mjs',
  './litmus.mjs',
  './f1-unused-word-none.mjs',
  './bad.mjs',
  './empty.mjs',
  './proxy.mjs',
  './zero.mjs',
  './folder.mjs',
  './no-such.mjs',
];
const RANGES: readonly string[] = ['20', '10', '-200..600', '600..-200', '0..100001', '..', '5..', '1e3'];

/** What to try an option with beside what is hostile: values that it takes, and such at its limits. */
const OF_OPTION: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['scenario', ['readahead-vs-releasepage', 'readahead', 'last-puts@6.12', ...SCENARIOS]],
  ['kernel', ['5.7', '6.12', '6.13', '7', '7.3', '@', '7.3@7.3', ...NUMBERS]],
  ['source', ['linux', 'folder', 'linux/fs', 'linux/Makefile', 'huge.json', 'none', '.', '/']],
  ['start', ['primed', 'cold', 'warm', 'cached', 'before', 'after']],
  ['actors', SETTING_ACTORS],
  ['pages', ['1', '2', '4', ...NUMBERS]],
  ['read-fail', ['0', '0.5', '1', ...NUMBERS]],
  ['setup-fail', ['0', '0.5', '1', ...NUMBERS]],
  ['duration', ['100ms', '150ms', ...DURATIONS]],
  ['trials', ['1', '10', '1k', '0', '1e16', '1.5', '1K', '-5']],
  ['until', ['decided', 'violation', 'violated']],
  ['starts', ['1', '2', '1000', ...NUMBERS]],
  ['fold', ['2', '1000', ...NUMBERS]],
  ['seed', ['7', ...NUMBERS]],
  ['worlds', ['128', '256', '4096', ...NUMBERS]],
  ['stride', ['1', '64', '100', ...NUMBERS]],
  ['instances', ['auto', '1', '2', '3', ...NUMBERS]],
  ['placement', ['near', 'all', 'far', 'spread', 'sibling', '0,1', '1,0', '0', '0,1;2,3', '0,0', '0;', 'l4']],
  ['trylock-fail', ['0.1', ...NUMBERS]],
  ['delay', [...POINTS.map(({ name }) => `${name}=100`), 'find:ref=1000001', 'find:ref=1,find:ref=2', 'x=1']],
  ['jitter', ['100', ...NUMBERS]],
  ['stall', ['0.001', '0.01', ...NUMBERS]],
  ['stall-max', ['2000', '5000', ...NUMBERS]],
  ['offset', ['0', '35', '-35', '100001', ...NUMBERS]],
  ['last-toucher', ['finder', 'reclaim', 'finder2']],
  ['range', RANGES],
  ['points', ['8', '9', '7', '257', ...NUMBERS]],
  ['trials-per-point', ['1', '10', '0', '1e16']],
  ['steps-max', ['1', '1k', '1e3', ...NUMBERS]],
  ['states-max', ['1', '1k', ...NUMBERS]],
  ['time-max', ['100ms', '200ms', ...DURATIONS]],
  ['time-per-mutant', ['100ms', ...DURATIONS]],
  ['threads', ['1', '2', '65', ...NUMBERS]],
  ['scheduler', ['uniform', 'pct', 'random']],
  ['form', ['litmus', 'c', 'asm']],
  ['litmus', ['eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:b12a9b5a19', './litmus.mjs']],
  ['schedules', ['1', '10', '0', '1000000001']],
  ['depth', ['1', '3', '17', ...NUMBERS]],
  ['strategy', [...NAMES, ...MUTANTS, 'try-get']],
  ['strategies', [...NAMES, ...MUTANTS, 'all', 'none,upstream', 'none,none', 'none,', 'upstream,bio-ref']],
]);

/** See `OF_OPTION`. */
export function valuesOf(option: string): readonly string[] {
  return OF_OPTION.get(option) ?? NUMBERS;
}

/** Schedules, or what looks like one. */
export const SCHEDULES: readonly string[] = [
  'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:a',
  'eb1:readahead-vs-releasepage:primed:upstream:finder=1,reclaim=1:p1:b12a9b5a19',
  'eb1:readahead-vs-releasepage:cold:none:finder=1,reclaim=1:p16rt:',
  'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p999:a',
  'eb1:readahead-vs-releasepage:primed:none:finder=99,reclaim=1:p1:a',
  'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:a9999999',
  'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:a0',
  'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:p~999',
  'eb1:readahead-vs-releasepage:primed:%E0%A4:finder=1,reclaim=1:p1:a',
  'eb1:a:b:c:d:e:f:g',
  'eb2:x',
  'eb1:',
  ...INHERITED.map((name) => `eb1:readahead-vs-releasepage:${name}:none:finder=1,reclaim=1:p1:a`),
];

/** Words in the place of a command, or behind one. */
export const WORDS: readonly string[] = [...TOPICS, 'help', 'strss', 'all', 'get-yargs-completion-script'];
