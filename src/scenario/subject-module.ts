/** Makes a subject of what a user's module says of one, or says which member is wrong. */
import { classObjection, objectObjection, repeatObjection } from '../fix/plug-in/class-checks.ts';
import { strategyFrom } from '../fix/plug-in/load.ts';
import { type Strategy, unchanged } from '../fix/strategy.ts';
import type { Point, Subject } from '../fix/subject.ts';
import { Fault } from '../memory/fault.ts';
import { objectAt, pageAt, PAGE_FLAGS, SLAB_ALLOCATED, OBJECT_SLAB } from '../memory/layout.ts';
import { PG_LOCKED } from '../memory/page-flags.ts';
import type { Structure } from '../memory/schema.ts';
import { Model, type ModelClass } from '../model/model.ts';
import type { ModuleReader, Refuse } from './module-reader.ts';
import { CONTROL_DEFAULT } from './promises.ts';
import { structuresFrom } from './structure-layout.ts';

/** What `--strategies` takes for all of them. */
const ALL = 'all';
const STRUCTURES: readonly string[] = ['shared?', 'page?', 'object?'];
const SUBJECT_NAME = /^\P{C}{1,60}$/u;
const POINT = /^[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)?$/;

/** What a subject is read for. */
interface SubjectParts {
  /** The path of its module. */
  readonly source: string;
  readonly refuse: Refuse;
  /** The strategy that is to violate in its scenario, `none` if it says nothing. */
  readonly control: unknown;
}

/** The subject of a scenario that brings its own. */
export function subjectFrom(
  reader: ModuleReader,
  value: unknown,
  { source, refuse, control: controlGiven }: SubjectParts,
): Subject {
  const members = reader.members('subject', value, ['name', 'structures', 'model', 'strategies?', 'points?']);
  const name = reader.text('subject.name', members['name'], '');
  if (!SUBJECT_NAME.test(name)) reader.wrong('subject.name', 'the name of what it is, in one line', name);
  const structures = readStructures(reader, members['structures'], refuse);
  const hasPages =
    reader.members('subject.structures', members['structures'], STRUCTURES)['page'] !== undefined;
  const Base = modelFrom(reader, members['model'], structures, refuse);
  const own =
    members['strategies'] === undefined
      ? []
      : reader.list('subject.strategies', members['strategies'], (where, each) =>
          readStrategy(reader, where, each, { Base, source, control: controlGiven ?? CONTROL_DEFAULT }),
        );
  const hasControl = own.some((strategy) => strategy.name === CONTROL_DEFAULT);
  const control: Strategy = {
    ...unchanged(Base),
    isPlugIn: true,
    name: CONTROL_DEFAULT,
    summary: 'the model of the subject as it is',
    origin: source,
  };
  return {
    name,
    isPlugIn: true,
    pagesAre: hasPages ? 'plain' : 'none',
    Model: Base,
    strategies: hasControl ? own : [control, ...own],
    notes: {},
    points:
      members['points'] === undefined
        ? []
        : reader.list('subject.points', members['points'], (where, each) => pointFrom(reader, where, each)),
    invariants: [],
    atRest: ({ words, geometry }) => locksAtRest(words, geometry, structures),
  };
}

function readStructures(reader: ModuleReader, value: unknown, refuse: Refuse): readonly Structure[] {
  const members = reader.members('subject.structures', value, STRUCTURES);
  for (const [kind, structure] of Object.entries(members))
    reader.members(`subject.structures.${kind}`, structure, ['name', 'fields']);
  return reader.called('subject.structures', () => {
    try {
      return structuresFrom(members);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      return refuse(`subject.structures.${cause.message}`, cause);
    }
  });
}

function modelFrom(
  reader: ModuleReader,
  value: unknown,
  structures: readonly Structure[],
  refuse: Refuse,
): ModelClass {
  const where = 'subject.model';
  const extend = reader.work(where, value);
  const refuseIf = (objection: string | undefined): void => {
    if (objection !== undefined) refuse(`${where}: ${objection}`);
  };
  const made = (): { readonly Model: ModelClass; readonly Base: ModelClass } => {
    class Root extends Model {
      static override readonly structures: readonly Structure[] = structures;
    }
    const Class = reader.called(where, () => Reflect.apply(extend, undefined, [Root]) as unknown);
    refuseIf(classObjection(Class, Root, { by: 'it', mayAdd: true }));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a chain of classes leads from it to the root
    return { Model: Class as ModelClass, Base: Root };
  };
  const [first, second] = [made(), made()];
  refuseIf(repeatObjection(first, second, 'it'));
  refuseIf(reader.called(where, () => staticsObjection(first.Model, structures)));
  refuseIf(reader.called(where, () => objectObjection(first.Model, { mayAdd: true })));
  return first.Model;
}

/** What is wrong with what engines ask the class for. */
function staticsObjection(
  { structures, functionParts, inlined }: ModelClass,
  given: readonly Structure[],
): string | undefined {
  if (structures !== given) return 'has structures of its own: they stand beside it';
  const isText = (value: unknown): boolean => typeof value === 'string';
  if (!(functionParts instanceof Map) || ![...functionParts].flat().every((name) => isText(name)))
    return 'functionParts: expected a Map of the names of functions by those of methods';
  if (!(inlined instanceof Set) || ![...inlined].every((name) => isText(name)))
    return 'inlined: expected a Set of the names of methods';
  return undefined;
}

function readStrategy(
  reader: ModuleReader,
  where: string,
  value: unknown,
  {
    Base,
    source,
    control,
  }: { readonly Base: ModelClass; readonly source: string; readonly control: unknown },
): Strategy {
  const members = reader.members(where, value, ['name', 'expectation?', 'summary?', 'origin?', 'extend']);
  const name = reader.name(`${where}.name`, members['name']);
  if (name === ALL) reader.wrong(`${where}.name`, 'another name: it stands for all strategies', name);
  const { expectation = name === control ? 'violates' : 'holds' } = members;
  if (expectation !== 'holds' && expectation !== 'violates')
    reader.wrong(`${where}.expectation`, "'holds' or 'violates'", expectation);
  const strategy = strategyFrom(reader.work(`${where}.extend`, members['extend']), {
    name,
    expectation,
    summary: reader.text(`${where}.summary`, members['summary'], name),
    origin: reader.text(`${where}.origin`, members['origin'], source),
    Base,
    source,
    where: `${where}.extend`,
    module: { kind: 'scenario', path: source },
  });
  // Here it is refused where a module is loaded, in a thread that ends if it does not come back.
  strategy.extend(Base);
  return strategy;
}

function pointFrom(reader: ModuleReader, where: string, value: unknown): Point {
  const members = reader.members(where, value, ['name', 'where?']);
  const { name } = members;
  if (typeof name !== 'string' || !POINT.test(name))
    reader.wrong(`${where}.name`, 'a name such as find:ref', name);
  return { name, where: reader.text(`${where}.where`, members['where'], '') };
}

/** Whoever judges no locks at rest has them judged: none may be held any more. */
function locksAtRest(
  words: Int32Array,
  geometry: Parameters<typeof objectAt>[1],
  [shared, page, object]: readonly Structure[],
): (fs: Parameters<typeof objectAt>[0]) => number {
  const locksOf = (structure: Structure | undefined): readonly number[] =>
    (structure?.fields ?? [])
      .filter(({ kind }) => kind === 'lock' || kind === 'rwsem')
      .map(({ word }) => word);
  const [ofShared, ofPages, ofObjects] = [locksOf(shared), locksOf(page), locksOf(object)];
  const isHeld = (start: number, locks: readonly number[]): boolean =>
    locks.some((lock) => words[start + lock] !== 0);
  return (fs) => {
    if (isHeld(fs, ofShared)) return Fault.LockHeld;
    for (let index = 0; index < geometry.pages; index++) {
      const at = pageAt(fs, index);
      const isLocked = ((words[at + PAGE_FLAGS] ?? 0) & (1 << PG_LOCKED)) !== 0;
      if (isLocked || isHeld(at, ofPages)) return Fault.LockHeld;
    }
    for (let index = 0; index < geometry.buffers; index++) {
      const at = objectAt(fs, geometry, index);
      if (words[at + OBJECT_SLAB] === SLAB_ALLOCATED && isHeld(at, ofObjects)) return Fault.LockHeld;
    }
    return 0;
  };
}
