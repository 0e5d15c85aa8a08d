/** Makes a subject of what a user's module says of one, or says which member is wrong. */
import { classObjection, objectObjection } from '../fix/plug-in/class-checks.ts';
import { guardedCall } from '../fix/plug-in/guards.ts';
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

const STRUCTURES = ['shared?', 'page?', 'object?'];
const POINT = /^[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)?$/;

/** The subject of a scenario that brings its own. `source`: the path of its module. */
export function subjectFrom(reader: ModuleReader, value: unknown, source: string, refuse: Refuse): Subject {
  const members = reader.members('subject', value, ['name', 'structures', 'model', 'strategies?', 'points?']);
  const name = reader.text('subject.name', members['name'], '');
  if (name === '') reader.wrong('subject.name', 'the name of what it is', members['name']);
  const structures = readStructures(reader, members['structures'], refuse);
  const Base = modelFrom(reader, members['model'], structures, refuse);
  const own =
    members['strategies'] === undefined
      ? []
      : reader.list('subject.strategies', members['strategies'], (where, each) =>
          readStrategy(reader, where, each, { Base, source }),
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
  for (const [kind, structure] of Object.entries(members)) {
    const where = `subject.structures.${kind}`;
    const { name, fields } = reader.members(where, structure, ['name', 'fields']);
    reader.name(`${where}.name`, name);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
      reader.wrong(`${where}.fields`, 'an object', fields);
  }
  try {
    return structuresFrom(members);
  } catch (cause) {
    return refuse(`subject.structures.${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function modelFrom(
  reader: ModuleReader,
  value: unknown,
  structures: readonly Structure[],
  refuse: Refuse,
): ModelClass {
  const extend = reader.work('subject.model', value);
  class Root extends Model {
    static override readonly structures: readonly Structure[] = structures;
  }
  const Class: unknown = guardedCall(() => Reflect.apply(extend, undefined, [Root]) as unknown);
  const objection = classObjection(Class, Root, { mayAdd: true });
  if (objection !== undefined) refuse(`subject.model: ${objection}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a chain of classes leads from it to the root
  const Base = Class as ModelClass;
  const broken = objectObjection(Base);
  if (broken !== undefined) refuse(`subject.model: ${broken}`);
  if (Base.structures !== structures)
    refuse('subject.model: has structures of its own: they stand beside it');
  return Base;
}

function readStrategy(
  reader: ModuleReader,
  where: string,
  value: unknown,
  { Base, source }: { readonly Base: ModelClass; readonly source: string },
): Strategy {
  const members = reader.members(where, value, ['name', 'expectation?', 'summary?', 'origin?', 'extend']);
  const name = reader.name(`${where}.name`, members['name']);
  const { expectation = 'holds' } = members;
  if (expectation !== 'holds' && expectation !== 'violates')
    reader.wrong(`${where}.expectation`, "'holds' or 'violates'", expectation);
  return strategyFrom(reader.work(`${where}.extend`, members['extend']), {
    name,
    expectation,
    summary: reader.text(`${where}.summary`, members['summary'], name),
    origin: reader.text(`${where}.origin`, members['origin'], source),
    Base,
    source: `${source}: ${where}`,
    module: { kind: 'scenario', path: source },
  });
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
