/** What a user's scenario may declare beside what it must: see `Scenario`. */
import { POINTS } from '../model/point.ts';
import { PAGES_MAX } from '../memory/layout.ts';
import type { CostedOperation } from './costed-operation.ts';
import type { Ladder, LadderRung } from './ladder.ts';
import type { Measure } from './measure.ts';
import { actorsFrom } from './module-actors.ts';
import { type Members, type ModuleReader, shown } from './module-reader.ts';
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
const DELAY_NS_MAX = 1_000_000;

type Declared = Pick<
  Scenario,
  'measures' | 'costs' | 'ladder' | 'control' | 'promises' | 'replayColumns' | 'widening'
>;

/** What the scenario is known to have already. */
interface Known {
  readonly starts: readonly StartState[];
  readonly roles: readonly Role[];
}

/** Reads those that are there. */
export function declarationsFrom(reader: ModuleReader, members: Members, known: Known): Declared {
  const { measures, costs, ladder, control, promises, replayColumns, widening } = members;
  return {
    ...(measures !== undefined && {
      measures: reader.list('measures', measures, (where, value) => measureFrom(reader, where, value)),
    }),
    ...(costs !== undefined && {
      costs: reader.list('costs', costs, (where, value) => costFrom(reader, where, value, known)),
    }),
    ...(ladder !== undefined && { ladder: ladderFrom(reader, ladder, known) }),
    ...(control !== undefined && { control: reader.text('control', control, '') }),
    ...(promises !== undefined && { promises: promisesFrom(reader, promises) }),
    ...(replayColumns !== undefined && {
      replayColumns: reader.list('replayColumns', replayColumns, (where, value) =>
        columnFrom(reader, where, value),
      ),
    }),
    ...(widening !== undefined && { widening: wideningFrom(reader, widening) }),
  };
}

function measureFrom(reader: ModuleReader, where: string, value: unknown): Measure {
  const members = reader.members(where, value, [
    'name',
    'note',
    'label?',
    'isNearMiss?',
    'role?',
    'phrases?',
  ]);
  const { note, role } = members;
  if (typeof note !== 'number' || !Number.isInteger(note) || note === 0 || (note & (note - 1)) !== 0)
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
    column: reader.text(`${where}.column`, members['column'], ''),
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
  const members = reader.members('ladder', value, ['rungs']);
  const rungs = members['rungs'];
  if (!Array.isArray(rungs) || rungs.length === 0)
    reader.wrong('ladder.rungs', 'a list with something in it', rungs);
  return {
    rungs: rungs.map((rung: unknown, index) => rungFrom(reader, `ladder.rungs[${index}]`, rung, known)),
  };
}

function rungFrom(reader: ModuleReader, where: string, value: unknown, { starts, roles }: Known): LadderRung {
  const members = reader.members(where, value, [
    'start',
    'actors',
    'pages?',
    'readsFail?',
    'trylocksFail?',
    'setupsFail?',
  ]);
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
): ReplayColumn & { readonly name: string } {
  const members = reader.members(where, value, ['label', 'word', 'bit?']);
  const label = reader.text(`${where}.label`, members['label'], '');
  if (label === '') reader.wrong(`${where}.label`, 'text', members['label']);
  const bit = members['bit'];
  return {
    name: label,
    label,
    word: reader.integer(`${where}.word`, members['word'], { min: 0, max: 15, fallback: 0 }),
    ...(bit !== undefined && { bit: reader.integer(`${where}.bit`, bit, { min: 0, max: 31, fallback: 0 }) }),
  };
}

function wideningFrom(reader: ModuleReader, value: unknown): Widening {
  const members = reader.members('widening', value, ['point', 'ns']);
  const found = POINTS.find(({ name }) => name === members['point']);
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

function camelCased(reader: ModuleReader, where: string, value: unknown): string {
  if (typeof value !== 'string' || !CAMEL_CASE.test(value))
    reader.wrong(where, 'a name such as dyingFound', shown(value));
  return value;
}
