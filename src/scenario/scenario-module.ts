/** Makes a scenario of what a user's module exports, or says which member is wrong. */
import type { ModuleExports } from '../fix/plug-in/import-plug-in.ts';
import { actorsFrom } from './module-actors.ts';
import { declarationsFrom, DECLARED } from './declared-members.ts';
import { subjectFrom } from './subject-module.ts';
import { ModuleReader, type Refuse, shown } from './module-reader.ts';
import type { Subject } from '../fix/subject.ts';
import { FORBIDDEN_OUTCOME } from '../model/invariant.ts';
import { invariantsOf } from './checks.ts';
import { worldWords } from '../memory/layout.ts';
import { CHECK_COUNT } from '../model/check.ts';
import {
  type Operation,
  type Outcome,
  OUTCOMES_MAX,
  OWN_CHECK_MIN,
  type Role,
  type Scenario,
  type ScenarioCheck,
  type StartState,
} from './scenario.ts';

/** The version of the interface that scenarios are written for: what `export const apiVersion` in one of them must be. */
export const SCENARIO_API_VERSION = 1;

const CHECK_ID = /^[A-Z][A-Z0-9-]{0,11}$/;
const GRADES = ['FORBIDDEN', 'INTERESTING', 'ACCEPTABLE'] as const;
/** Notes that are tried on `classify`: each bit alone, none, and all. */
const NOTES_TRIED: readonly number[] = [0, -1, ...Array.from({ length: 32 }, (_, bit) => 1 << bit)];

/** The scenario of a module's exports; its name is the path of the module. One that brings no subject is a race of `builtIn`. */
export function scenarioFrom(
  module: ModuleExports,
  source: string,
  refuse: Refuse,
  builtIn: Subject,
): Scenario {
  const version = module['apiVersion'];
  if (version !== undefined && version !== SCENARIO_API_VERSION) {
    refuse(
      `apiVersion: this ebtorture has version ${SCENARIO_API_VERSION} of the scenario interface, got ${shown(version)}`,
    );
  }
  const given = module['default'];
  if (given === undefined) refuse('no default export; expected { starts, roles, outcomes, classify }');
  const reader = new ModuleReader(refuse);
  const members = reader.members('the default export', given, [
    'subject?',
    'summary?',
    'origin?',
    'starts',
    'roles',
    'outcomes',
    'classify',
    'atRest?',
    'checks?',
    ...DECLARED,
  ]);
  const subject =
    members['subject'] === undefined
      ? builtIn
      : subjectFrom(reader, members['subject'], { source, refuse, control: members['control'] });
  const roles = reader.list('roles', members['roles'], (where, value) => roleFrom(reader, where, value));
  const outcomes = outcomesFrom(reader, members['outcomes'], refuse);
  const starts = reader.list('starts', members['starts'], (where, value) =>
    startFrom(reader, where, value, roles),
  );
  return {
    subject,
    isPlugIn: true,
    name: source,
    summary: reader.text('summary', members['summary'], 'a plug-in'),
    origin: reader.text('origin', members['origin'], source),
    starts,
    roles,
    outcomes,
    classify: classifierFrom(reader, members['classify'], outcomes),
    ...declarationsFrom(reader, members, { starts, roles, subject }),
    ...(members['checks'] !== undefined && {
      checks: checksFrom(reader, members['checks'], source, [subject, builtIn]),
    }),
    ...(members['atRest'] !== undefined && { atRest: judgeFrom(reader, members['atRest']) }),
  };
}

function roleFrom(reader: ModuleReader, where: string, value: unknown): Role {
  const members = reader.members(where, value, [
    'name',
    'summary?',
    'program',
    'allocates?',
    'submitsReads?',
    'completesReads?',
    'waitsForPages?',
    'waitsForOwnRead?',
  ]);
  const flag = (name: string): boolean => reader.flag(`${where}.${name}`, members[name]);
  return {
    name: reader.name(`${where}.name`, members['name']),
    summary: reader.text(`${where}.summary`, members['summary'], ''),
    program: reader.list(`${where}.program`, members['program'], (at, operation) =>
      operationFrom(reader, at, operation),
    ),
    allocates: reader.integer(`${where}.allocates`, members['allocates'], { min: 0, max: 4, fallback: 0 }),
    submitsReads: flag('submitsReads'),
    completesReads: flag('completesReads'),
    waitsForPages: flag('waitsForPages'),
    waitsForOwnRead: flag('waitsForOwnRead'),
  };
}

function operationFrom(reader: ModuleReader, where: string, value: unknown): Operation {
  const members = reader.members(where, value, ['name', 'run']);
  const name = reader.text(`${where}.name`, members['name'], '');
  if (name === '') reader.wrong(`${where}.name`, 'the name of what is called', members['name']);
  const run = reader.work(`${where}.run`, members['run']);
  return {
    name,
    run: (context, carried) => {
      const returned: unknown = Reflect.apply(run, undefined, [context, carried]);
      if (returned === undefined) return 0;
      if (typeof returned !== 'number' || !Number.isInteger(returned))
        throw new TypeError(
          `${name} returned ${shown(returned)}: expected an integer for the operation behind it, or 0 to end`,
        );
      return returned;
    },
  };
}

function startFrom(reader: ModuleReader, where: string, value: unknown, roles: readonly Role[]): StartState {
  const members = reader.members(where, value, [
    'name',
    'summary?',
    'actors',
    'buffers?',
    'stride?',
    'reset',
  ]);
  const reset = reader.work(`${where}.reset`, members['reset']);
  return {
    name: reader.name(`${where}.name`, members['name']),
    summary: reader.text(`${where}.summary`, members['summary'], ''),
    actors: actorsFrom(reader, `${where}.actors`, members['actors'], roles),
    buffers: reader.integer(`${where}.buffers`, members['buffers'], { min: 0, max: 4, fallback: 1 }),
    stride: reader.integer(`${where}.stride`, members['stride'], { min: 1, max: 4096, fallback: 64 }),
    reset: (words, geometry, fs) => {
      const size = worldWords(geometry);
      const written = (): Int32Array => {
        // What it leaves alone would be left by the trial before on threads, and be 0 in a search.
        words.fill(0, fs, fs + size);
        reader.called(`${where}.reset`, () => void Reflect.apply(reset, undefined, [words, geometry, fs]));
        return words.slice(fs, fs + size);
      };
      const [first, second] = [written(), written()];
      const at = first.findIndex((word, offset) => word !== second[offset]);
      if (at >= 0) reader.wrong(`${where}.reset: word ${at}`, `${first[at]} again`, second[at]);
    },
  };
}

function outcomesFrom(reader: ModuleReader, value: unknown, refuse: Refuse): readonly Outcome[] {
  const outcomes = reader.list('outcomes', value, (where, outcome) => {
    const members = reader.members(where, outcome, ['name', 'grade', 'summary?']);
    const grade = GRADES.find((known) => known === members['grade']);
    if (grade === undefined) reader.wrong(`${where}.grade`, `one of ${GRADES.join(', ')}`, members['grade']);
    return {
      name: reader.name(`${where}.name`, members['name']),
      grade,
      summary: reader.text(`${where}.summary`, members['summary'], ''),
    };
  });
  if (outcomes[0]?.grade !== 'FORBIDDEN')
    refuse('outcomes[0]: expected the outcome of a trial that violates an invariant, graded FORBIDDEN');
  if (outcomes.length < 2) refuse('outcomes: expected one at least beside that of a violation');
  if (outcomes.length > OUTCOMES_MAX)
    refuse(`outcomes: expected ${OUTCOMES_MAX} at most, got ${outcomes.length}`);
  return outcomes;
}

function classifierFrom(
  reader: ModuleReader,
  value: unknown,
  outcomes: readonly Outcome[],
): Scenario['classify'] {
  const classify = reader.work('classify', value);
  const known = new Map<number, number>();
  const classified = (notes: number): number => {
    const before = known.get(notes);
    if (before !== undefined) return before;
    const where = `classify(0x${(notes >>> 0).toString(16)})`;
    const outcome = reader.same(where, (): unknown => Reflect.apply(classify, undefined, [notes]));
    if (
      typeof outcome !== 'number' ||
      !Number.isInteger(outcome) ||
      outcome < 1 ||
      outcome >= outcomes.length
    )
      reader.wrong(where, `an index from 1 to ${outcomes.length - 1} into outcomes`, outcome);
    known.set(notes, outcome);
    return outcome;
  };
  for (const notes of NOTES_TRIED) classified(notes);
  return classified;
}

function checksFrom(
  reader: ModuleReader,
  value: unknown,
  source: string,
  subjects: readonly Subject[],
): readonly ScenarioCheck[] {
  // Those of the built-in subject are known wherever a saved result is shown.
  const known = subjects.flatMap((subject) => invariantsOf(subject));
  const taken = new Set([...known, FORBIDDEN_OUTCOME].map(({ id }) => id));
  const range = { min: OWN_CHECK_MIN, max: CHECK_COUNT - 1, fallback: OWN_CHECK_MIN };
  const numbers = new Set<number>();
  return reader.items('checks', value, (where, check) => {
    const members = reader.members(where, check, ['number', 'id', 'title', 'origin?']);
    const id = reader.text(`${where}.id`, members['id'], '');
    if (!CHECK_ID.test(id) || taken.has(id))
      reader.wrong(`${where}.id`, 'a short name in upper case that is not taken, such as TORN', id);
    const number = reader.integer(`${where}.number`, members['number'], range);
    if (numbers.has(number)) reader.wrong(`${where}.number`, 'one that no other check has', number);
    // Two checks of one name would be counted as one.
    taken.add(id);
    numbers.add(number);
    return {
      number,
      id,
      title: reader.text(`${where}.title`, members['title'], id),
      origin: reader.text(`${where}.origin`, members['origin'], source),
    };
  });
}

function judgeFrom(reader: ModuleReader, value: unknown): NonNullable<Scenario['atRest']> {
  const atRest = reader.work('atRest', value);
  return (words, geometry, fs) => {
    const before = words.slice(fs, fs + worldWords(geometry));
    const check = reader.same('atRest', (): unknown =>
      Reflect.apply(atRest, undefined, [words, geometry, fs]),
    );
    const at = before.findIndex((word, offset) => word !== words[fs + offset]);
    if (at >= 0) reader.wrong(`atRest: word ${at}`, `${before[at]}, as it was`, words[fs + at]);
    if (check === undefined) return 0;
    if (typeof check !== 'number' || !Number.isInteger(check) || check < 0 || check >= CHECK_COUNT)
      reader.wrong('atRest()', `the number of a check below ${CHECK_COUNT}, or 0`, check);
    return check;
  };
}
