/** What a user's scenario may declare beside what it must: see `Scenario`. */
import type { Subject } from '../fix/subject.ts';
import { objectWords, PAGES_MAX } from '../memory/layout.ts';
import type { CostedOperation } from './costed-operation.ts';
import type { Ladder, LadderRung, SampledRung } from './ladder.ts';
import type { Measure, MeasureFields } from './measure.ts';
import { actorsFrom } from './module-actors.ts';
import type { Members, ModuleReader } from './module-reader.ts';
import type { ReplayColumn } from './replay-column.ts';
import type { Role, Scenario, StartState, Widening } from './scenario.ts';

/** Names of those members. */
export const DECLARED: readonly string[] = [
  'measures?',
  'costs?',
  'ladder?',
  'control?',
  'promises?',
  'replayColumns?',
  'widening?',
];

const CAMEL_CASE = /^[a-z][A-Za-z0-9]{0,39}$/;
const PHRASES = ['column?', 'trials?', 'happened?', 'never?', 'avoided?', 'share?', 'gloss?'];
const RUNG: readonly string[] = ['start', 'actors', 'pages?', 'readsFail?', 'trylocksFail?', 'setupsFail?'];
const DELAY_NS_MAX = 1_000_000;
const SCHEDULES_MAX = 100_000;
const DEPTH_MAX = 10;

type Declared = Pick<
  Scenario,
  'measures' | 'costs' | 'ladder' | 'control' | 'promises' | 'replayColumns' | 'widening'
>;

/** What the scenario is known to have already. */
interface Known {
  readonly subject: Subject;
  readonly starts: readonly StartState[];
  readonly roles: readonly Role[];
}

/** Reads those that are there. */
export function declarationsFrom(reader: ModuleReader, members: Members, known: Known): Declared {
  const { measures, costs, ladder, control, promises, replayColumns, widening } = members;
  return {
    ...(measures !== undefined && {
      measures: measuresFrom(reader, measures),
    }),
    ...(costs !== undefined && {
      costs: reader.list('costs', costs, (where, value) => costFrom(reader, where, value, known)),
    }),
    ...(ladder !== undefined && { ladder: ladderFrom(reader, ladder, known) }),
    ...(control !== undefined && { control: controlFrom(reader, control, known) }),
    ...(promises !== undefined && { promises: promisesFrom(reader, promises) }),
    ...(replayColumns !== undefined && {
      replayColumns: reader.list('replayColumns', replayColumns, (where, value) =>
        columnFrom(reader, where, value, known),
      ),
    }),
    ...(widening !== undefined && { widening: wideningFrom(reader, widening, known) }),
  };
}

function measuresFrom(reader: ModuleReader, value: unknown): readonly Measure[] {
  const measures = reader.list('measures', value, (where, measure) => measureFrom(reader, where, measure));
  for (const role of ['met', 'mended']) {
    const count = measures.filter((measure) => measure.role === role).length;
    if (count > 1) reader.wrong('measures', `one of role '${role}' at most`, count);
  }
  return measures;
}

function measureFrom(reader: ModuleReader, where: string, value: unknown): Measure {
  const members = reader.members(where, value, [
    'name',
    'note',
    'label?',
    'isNearMiss?',
    'role?',
    'phrases?',
    'fields?',
  ]);
  const { note, role } = members;
  if (typeof note !== 'number' || note !== (note | 0) || note === 0 || (note & (note - 1)) !== 0)
    reader.wrong(`${where}.note`, 'one bit, of Note or of OWN_NOTES', note);
  if (role !== undefined && role !== 'met' && role !== 'mended')
    reader.wrong(`${where}.role`, "'met' or 'mended'", role);
  const phrases = reader.members(`${where}.phrases`, members['phrases'] ?? {}, PHRASES);
  return {
    name: camelCased(reader, `${where}.name`, members['name']),
    note,
    ...(members['label'] !== undefined && { label: reader.text(`${where}.label`, members['label'], '') }),
    isNearMiss: reader.flag(`${where}.isNearMiss`, members['isNearMiss']),
    ...(role !== undefined && { role }),
    phrases: Object.fromEntries(
      Object.entries(phrases).map(([name, text]) => [
        name,
        reader.text(`${where}.phrases.${name}`, text, ''),
      ]),
    ),
    ...(members['fields'] !== undefined && {
      fields: fieldsFrom(reader, `${where}.fields`, members['fields']),
    }),
  };
}

/** Of a measure that is taken over from the built-in scenario. */
function fieldsFrom(reader: ModuleReader, where: string, value: unknown): MeasureFields {
  const { arm, window } = reader.members(where, value, ['arm', 'window']);
  return {
    arm: oneOf(reader, `${where}.arm`, arm, ['rescues', 'treeRefStripped']),
    window: oneOf(reader, `${where}.window`, window, ['rescues', 'strips']),
  };
}

function costFrom(reader: ModuleReader, where: string, value: unknown, { starts }: Known): CostedOperation {
  const members = reader.members(where, value, ['name', 'column', 'timeColumn?', 'start', 'prepare?', 'run']);
  const timeColumn = members['timeColumn'];
  const prepare =
    members['prepare'] === undefined ? undefined : reader.work(`${where}.prepare`, members['prepare']);
  const run = reader.work(`${where}.run`, members['run']);
  return {
    name: camelCased(reader, `${where}.name`, members['name']),
    column: named(reader, `${where}.column`, members['column']),
    ...(timeColumn !== undefined && { timeColumn: reader.text(`${where}.timeColumn`, timeColumn, '') }),
    start: startNamed(reader, `${where}.start`, members['start'], starts),
    ...(prepare !== undefined && {
      prepare: (context) => {
        Reflect.apply(prepare, undefined, [context]);
      },
    }),
    run: (context) => {
      Reflect.apply(run, undefined, [context]);
    },
  };
}

function ladderFrom(reader: ModuleReader, value: unknown, known: Known): Ladder {
  const members = reader.members('ladder', value, ['rungs', 'few?', 'beyond?', 'sampled?', 'delays?']);
  const { few, beyond, sampled, delays } = members;
  const rungsIn = (where: string, list: unknown): LadderRung[] =>
    reader.items(where, list, (at, rung) => rungFrom(reader, at, rung, known));
  const rungs = rungsIn('ladder.rungs', members['rungs']);
  const indices = { min: 0, max: rungs.length - 1, fallback: 0 };
  return {
    rungs,
    ...(few !== undefined && {
      few: reader.items('ladder.few', few, (where, index) => reader.integer(where, index, indices)),
    }),
    ...(beyond !== undefined && { beyond: rungsIn('ladder.beyond', beyond) }),
    ...(sampled !== undefined && {
      sampled: reader.items('ladder.sampled', sampled, (where, rung) =>
        sampledFrom(reader, where, rung, known),
      ),
    }),
    ...(delays !== undefined && {
      delays: reader.items('ladder.delays', delays, (where, each) => delaysFrom(reader, where, each, known)),
    }),
  };
}

function sampledFrom(reader: ModuleReader, where: string, value: unknown, known: Known): SampledRung {
  const members = reader.members(where, value, [...RUNG, 'schedules', 'seed?', 'depth?']);
  const number = (name: string, max: number): number =>
    reader.integer(`${where}.${name}`, members[name], { min: 1, max, fallback: 1 });
  return {
    ...rungOf(reader, where, members, known),
    schedules: number('schedules', SCHEDULES_MAX),
    seed: number('seed', 2 ** 31 - 1),
    depth: number('depth', DEPTH_MAX),
  };
}

function delaysFrom(
  reader: ModuleReader,
  where: string,
  value: unknown,
  { subject: { points } }: Known,
): Readonly<Record<string, number>> {
  const delays = reader.members(
    where,
    value,
    points.map(({ name }) => `${name}?`),
  );
  return Object.fromEntries(
    Object.entries(delays).map(([point, ns]) => [
      point,
      reader.integer(`${where}['${point}']`, ns, { min: 1, max: DELAY_NS_MAX, fallback: 1 }),
    ]),
  );
}

function rungFrom(reader: ModuleReader, where: string, value: unknown, known: Known): LadderRung {
  return rungOf(reader, where, reader.members(where, value, RUNG), known);
}

function rungOf(reader: ModuleReader, where: string, members: Members, { starts, roles }: Known): LadderRung {
  const flag = (name: string): boolean => reader.flag(`${where}.${name}`, members[name]);
  return {
    start: startNamed(reader, `${where}.start`, members['start'], starts),
    actors: actorsFrom(reader, `${where}.actors`, members['actors'], roles),
    pages: reader.integer(`${where}.pages`, members['pages'], { min: 1, max: PAGES_MAX, fallback: 1 }),
    readsFail: flag('readsFail'),
    trylocksFail: flag('trylocksFail'),
    setupsFail: flag('setupsFail'),
  };
}

/** Without one of that name nothing could be compared with it. */
function controlFrom(reader: ModuleReader, value: unknown, { subject: { strategies } }: Known): string {
  const found = strategies.find(({ name }) => name === named(reader, 'control', value));
  return (
    found?.name ??
    reader.wrong(
      'control',
      `a strategy of the subject (${strategies.map(({ name }) => name).join(', ')})`,
      value,
    )
  );
}

function promisesFrom(reader: ModuleReader, value: unknown): NonNullable<Scenario['promises']> {
  if (typeof value !== 'object' || value === null) reader.wrong('promises', 'an object', value);
  const promises = Object.entries(value).map(([strategy, promise]: [string, unknown]) => {
    if (promise !== 'holds' && promise !== 'violates')
      reader.wrong(`promises['${strategy}']`, "'holds' or 'violates'", promise);
    return [strategy, promise] as const;
  });
  return Object.fromEntries(promises);
}

function columnFrom(
  reader: ModuleReader,
  where: string,
  value: unknown,
  { subject }: Known,
): ReplayColumn & { readonly name: string } {
  const max = objectWords({ structures: subject.Model.structures }) - 1;
  const members = reader.members(where, value, ['label', 'word', 'bit?', 'field?']);
  const label = reader.text(`${where}.label`, members['label'], '');
  if (label === '') reader.wrong(`${where}.label`, 'text', members['label']);
  const { bit, field } = members;
  return {
    name: label,
    label,
    word: reader.integer(`${where}.word`, members['word'], { min: 0, max, fallback: 0 }),
    ...(bit !== undefined && { bit: reader.integer(`${where}.bit`, bit, { min: 0, max: 31, fallback: 0 }) }),
    ...(field !== undefined && { field: camelCased(reader, `${where}.field`, field) }),
  };
}

function wideningFrom(reader: ModuleReader, value: unknown, { subject: { points } }: Known): Widening {
  const members = reader.members('widening', value, ['point', 'ns']);
  const found = points.find(({ name }) => name === members['point']);
  if (found === undefined)
    reader.wrong('widening.point', 'a point of `ebtorture list points`', members['point']);
  const ns = reader.integer('widening.ns', members['ns'], { min: 1, max: DELAY_NS_MAX, fallback: 1 });
  return { point: found.name, ns };
}

function startNamed(
  reader: ModuleReader,
  where: string,
  value: unknown,
  starts: readonly StartState[],
): string {
  const found = starts.find(({ name }) => name === value);
  return found?.name ?? reader.wrong(where, `one of ${starts.map(({ name }) => name).join(', ')}`, value);
}

function oneOf<Word extends string>(
  reader: ModuleReader,
  where: string,
  value: unknown,
  known: readonly Word[],
): Word {
  return known.find((each) => each === value) ?? reader.wrong(where, `one of ${known.join(', ')}`, value);
}

function named(reader: ModuleReader, where: string, value: unknown): string {
  const text = reader.text(where, value, '');
  return text === '' ? reader.wrong(where, 'text', value) : text;
}

function camelCased(reader: ModuleReader, where: string, value: unknown): string {
  if (typeof value !== 'string' || !CAMEL_CASE.test(value))
    reader.wrong(where, 'a name such as dyingFound', value);
  return value;
}
