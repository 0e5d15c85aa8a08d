/** Reads what a user's scenario declares for results and reports: see `Scenario` for what each member means. */
import type { Expectation } from '../fix/strategy.ts';
import { PAGES_MAX } from '../memory/layout.ts';
import { type PointName, POINTS } from '../model/point.ts';
import { actorsFrom } from './actors-module.ts';
import type { CostContext, CostedOperation } from './costed-operation.ts';
import type { Ladder, LadderRung } from './ladder.ts';
import type { Measure, MeasureFields, MeasurePhrases } from './measure.ts';
import type { Members, Reader } from './reader.ts';
import type { ReplayColumn } from './replay-column.ts';
import type { Role, Scenario, StartState } from './scenario.ts';

/** What a scenario may declare. */
export type Declarations = Pick<
  Scenario,
  'measures' | 'costs' | 'ladder' | 'control' | 'promises' | 'replayColumns' | 'widening'
>;

/** Names of the members, all of which may be left out. */
export const DECLARED: readonly string[] = [
  'measures?',
  'costs?',
  'ladder?',
  'control?',
  'promises?',
  'replayColumns?',
  'widening?',
];

const FIELD = /^[a-z][A-Za-z0-9]{0,39}$/;
const TEXT_MAX = 200;
const NS_MAX = 1_000_000;
const WORDS_MAX = 64;
const EXPECTATIONS: readonly Expectation[] = ['holds', 'violates'];
const PHRASES: readonly (keyof MeasurePhrases)[] = [
  'column',
  'trials',
  'happened',
  'never',
  'avoided',
  'share',
  'gloss',
];

/** What the members of a scenario are checked against. */
interface Declaring {
  readonly starts: readonly StartState[];
  readonly roles: readonly Role[];
}

/** Those of the members that are there. */
export function declarationsFrom(reader: Reader, members: Members, declaring: Declaring): Declarations {
  const of = <Value>(name: string, read: (value: unknown) => Value): Partial<Record<string, Value>> =>
    members[name] === undefined ? {} : { [name]: read(members[name]) };
  return {
    ...of('measures', (value) => measuresFrom(reader, value)),
    ...of('costs', (value) =>
      reader.list('costs', value, (where, cost) => costFrom(reader, where, cost, declaring)),
    ),
    ...of('ladder', (value) => ladderFrom(reader, value, declaring)),
    ...of('control', (value) => words(reader, 'control', value)),
    ...of('promises', (value) => promisesFrom(reader, value)),
    ...of('replayColumns', (value) =>
      reader.items('replayColumns', value, (where, column) => columnFrom(reader, where, column)),
    ),
    ...of('widening', (value) => {
      const { point, ns } = reader.members('widening', value, ['point', 'ns']);
      return { point: pointFrom(reader, 'widening.point', point), ns: nsFrom(reader, 'widening.ns', ns) };
    }),
  };
}

function measuresFrom(reader: Reader, value: unknown): readonly Measure[] {
  const measures = reader.list('measures', value, (where, measure) => {
    const members = reader.members(where, measure, [
      'name',
      'note',
      'label?',
      'isNearMiss?',
      'role?',
      'phrases?',
      'fields?',
    ]);
    const { role, label, phrases, fields } = members;
    return {
      name: fieldFrom(reader, `${where}.name`, members['name']),
      note: bitFrom(reader, `${where}.note`, members['note']),
      isNearMiss: reader.flag(`${where}.isNearMiss`, members['isNearMiss']),
      ...(role !== undefined && { role: reader.oneOf(`${where}.role`, role, ['met', 'mended']) }),
      ...(label !== undefined && { label: words(reader, `${where}.label`, label) }),
      ...(phrases !== undefined && { phrases: phrasesFrom(reader, `${where}.phrases`, phrases) }),
      ...(fields !== undefined && { fields: fieldsFrom(reader, `${where}.fields`, fields) }),
    };
  });
  for (const role of ['met', 'mended']) {
    const of = measures.filter((measure) => measure.role === role);
    if (of.length > 1) reader.wrong('measures', `one of role '${role}' at most`, of.length);
  }
  return measures;
}

/** Of measures that are taken over from the built-in scenario. */
function fieldsFrom(reader: Reader, where: string, value: unknown): MeasureFields {
  const { arm, window } = reader.members(where, value, ['arm', 'window']);
  return {
    arm: reader.oneOf(`${where}.arm`, arm, ['rescues', 'treeRefStripped']),
    window: reader.oneOf(`${where}.window`, window, ['rescues', 'strips']),
  };
}

function phrasesFrom(reader: Reader, where: string, value: unknown): Partial<MeasurePhrases> {
  const members = reader.members(
    where,
    value,
    PHRASES.map((name) => `${name}?`),
  );
  return Object.fromEntries(
    Object.entries(members).map(([name, text]) => [name, words(reader, `${where}.${name}`, text)]),
  );
}

function costFrom(reader: Reader, where: string, value: unknown, { starts }: Declaring): CostedOperation {
  const members = reader.members(where, value, [
    'name',
    'column?',
    'timeColumn?',
    'start?',
    'prepare?',
    'run',
  ]);
  const { column, timeColumn, prepare, start } = members;
  const name = fieldFrom(reader, `${where}.name`, members['name']);
  const known = starts.map((each) => each.name);
  return {
    name,
    column: column === undefined ? name : words(reader, `${where}.column`, column),
    ...(timeColumn !== undefined && { timeColumn: words(reader, `${where}.timeColumn`, timeColumn) }),
    start: start === undefined ? (known[0] ?? '') : reader.oneOf(`${where}.start`, start, known),
    ...(prepare !== undefined && { prepare: workFrom(reader, `${where}.prepare`, prepare) }),
    run: workFrom(reader, `${where}.run`, members['run']),
  };
}

function workFrom(reader: Reader, where: string, value: unknown): (context: CostContext) => void {
  const work = reader.work(where, value);
  return (context) => {
    Reflect.apply(work, undefined, [context]);
  };
}

function ladderFrom(reader: Reader, value: unknown, declaring: Declaring): Ladder {
  const members = reader.members('ladder', value, ['rungs', 'few?', 'beyond?', 'sampled?', 'delays?']);
  const rungs = reader.items('ladder.rungs', members['rungs'], (where, rung) =>
    rungFrom(reader, where, rung, declaring),
  );
  const { few, beyond, sampled, delays } = members;
  return {
    rungs,
    ...(few !== undefined && {
      few: reader.items('ladder.few', few, (where, index) =>
        reader.integer(where, index, { min: 0, max: rungs.length - 1, fallback: 0 }),
      ),
    }),
    ...(beyond !== undefined && {
      beyond: reader.items('ladder.beyond', beyond, (where, rung) =>
        rungFrom(reader, where, rung, declaring),
      ),
    }),
    ...(sampled !== undefined && {
      sampled: reader.items('ladder.sampled', sampled, (where, rung) => {
        const numbers = reader.members(where, rung, [...RUNG, 'schedules', 'seed?', 'depth?']);
        const number = (name: string, max: number): number =>
          reader.integer(`${where}.${name}`, numbers[name], { min: 1, max, fallback: 1 });
        return {
          ...rungOf(reader, where, numbers, declaring),
          schedules: number('schedules', 100_000),
          seed: number('seed', 2 ** 31 - 1),
          depth: number('depth', 10),
        };
      }),
    }),
    ...(delays !== undefined && {
      delays: reader.items('ladder.delays', delays, (where, each) => delaysFrom(reader, where, each)),
    }),
  };
}

const RUNG: readonly string[] = ['start', 'actors', 'pages', 'readsFail?', 'trylocksFail?', 'setupsFail?'];

function rungFrom(reader: Reader, where: string, value: unknown, declaring: Declaring): LadderRung {
  return rungOf(reader, where, reader.members(where, value, RUNG), declaring);
}

function rungOf(reader: Reader, where: string, members: Members, { starts, roles }: Declaring): LadderRung {
  const flag = (name: string): boolean => reader.flag(`${where}.${name}`, members[name]);
  const known = starts.map(({ name }) => name);
  return {
    start: reader.oneOf(`${where}.start`, members['start'], known),
    actors: actorsFrom(reader, `${where}.actors`, members['actors'], roles),
    pages: reader.integer(`${where}.pages`, members['pages'], { min: 1, max: PAGES_MAX, fallback: 1 }),
    readsFail: flag('readsFail'),
    trylocksFail: flag('trylocksFail'),
    setupsFail: flag('setupsFail'),
  };
}

function delaysFrom(reader: Reader, where: string, value: unknown): Readonly<Record<string, number>> {
  const known = POINTS.map(({ name }) => `${name}?`);
  const delays = Object.entries(reader.members(where, value, known));
  return Object.fromEntries(delays.map(([point, ns]) => [point, nsFrom(reader, `${where}['${point}']`, ns)]));
}

function promisesFrom(reader: Reader, value: unknown): Readonly<Record<string, Expectation>> {
  const given: object = typeof value === 'object' && value !== null ? value : {};
  const members = reader.members(
    'promises',
    value,
    Object.keys(given).map((name) => `${name}?`),
  );
  return Object.fromEntries(
    Object.entries(members).map(([name, promise]) => [
      name,
      reader.oneOf(`promises['${name}']`, promise, EXPECTATIONS),
    ]),
  );
}

function columnFrom(reader: Reader, where: string, value: unknown): ReplayColumn {
  const members = reader.members(where, value, ['label', 'word', 'bit?', 'field?']);
  const { bit, field } = members;
  return {
    label: words(reader, `${where}.label`, members['label']),
    word: reader.integer(`${where}.word`, members['word'], { min: 0, max: WORDS_MAX, fallback: 0 }),
    ...(bit !== undefined && { bit: reader.integer(`${where}.bit`, bit, { min: 0, max: 31, fallback: 0 }) }),
    ...(field !== undefined && { field: fieldFrom(reader, `${where}.field`, field) }),
  };
}

function pointFrom(reader: Reader, where: string, value: unknown): PointName {
  return reader.oneOf(
    where,
    value,
    POINTS.map(({ name }) => name),
  );
}

function nsFrom(reader: Reader, where: string, value: unknown): number {
  return reader.integer(where, value, { min: 1, max: NS_MAX, fallback: 1 });
}

/** A name as results have it. */
function fieldFrom(reader: Reader, where: string, value: unknown): string {
  if (typeof value !== 'string' || !FIELD.test(value))
    reader.wrong(where, 'a name of letters and digits, such as lastPut', value);
  return value;
}

function bitFrom(reader: Reader, where: string, value: unknown): number {
  if (
    typeof value !== 'number' ||
    !Number.isInteger(value) ||
    value < 1 ||
    Math.log2(value) % 1 !== 0 ||
    value > 2 ** 30
  )
    reader.wrong(where, 'one bit, of Note or of OWN_NOTES', value);
  return value;
}

function words(reader: Reader, where: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > TEXT_MAX)
    reader.wrong(where, `text of up to ${TEXT_MAX} characters`, value);
  return value;
}
