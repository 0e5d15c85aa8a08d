import { ACTORS_MAX, type Geometry, PAGES_MAX } from '../memory/layout.ts';
import type { Ordering } from '../memory/ordering.ts';
import type { Interrupt, PagesAre } from '../fix/subject.ts';
import { closeMailbox, takeOwnBio } from '../model/block-layer.ts';
import { statusOf } from '../model/block-layer.ts';
import { actorsText } from './role-count.ts';
import type { Operation, Role, RoleCount, Scenario, StartState } from './scenario.ts';

/** A scenario with its start state, actors and sizes fixed. */
export interface Setting {
  readonly scenario: Scenario;
  readonly start: StartState;
  /** One entry per actor, in the order of their threads. */
  readonly actors: readonly SettingActor[];
  readonly geometry: Geometry;
  /** Who completes reads. */
  readonly completion: Completion;
  /** Bit s is set if actor s submits reads that end-io actors complete. */
  readonly submitters: number;
  /** In which order accesses become visible. Threads have `sc` whatever it says. */
  readonly ordering: Ordering;
}

/**
 * Who completes the reads of a trial: nobody, since a disk takes longer than any trial and no actor waits for it; the
 * submitting actor itself once its program has ended, as an interrupt on its processor would; or actors whose role it is.
 */
export type Completion = 'none' | 'own-interrupt' | 'end-io';

/** One actor of a setting. */
export interface SettingActor {
  readonly role: Role;
  /** 0-based among the actors of the same role. */
  readonly ordinal: number;
  /** As people read it: `finder`, or `finder#1` where there are several. */
  readonly label: string;
  /** Runs after its program in every trial, however that ended. */
  readonly epilogue: Operation | undefined;
}

function interruptOf({ name, complete }: Interrupt): Operation {
  return {
    name,
    run: ({ model, memory, actor, bioStatus }) => {
      const bio = takeOwnBio(memory, model.fsInfo, actor);
      if (bio !== 0) complete(model, bio, statusOf(bio, bioStatus()));
      return 0;
    },
  };
}

const close: Operation = {
  name: 'no more reads',
  run: ({ model, memory, actor }) => {
    closeMailbox(memory, model.fsInfo, actor);
    return 0;
  },
};

function epilogueOf(completion: Completion, { subject }: Scenario): Operation | undefined {
  switch (completion) {
    case 'none':
      return undefined;
    case 'own-interrupt':
      return subject.interrupt === undefined ? undefined : interruptOf(subject.interrupt);
    case 'end-io':
      return close;
  }
}

/** What a setting is made from; what is missing takes the scenario's defaults. */
export interface SettingOptions {
  readonly scenario: Scenario;
  readonly start?: string | undefined;
  readonly actors?: readonly RoleCount[] | undefined;
  /** @default what the scenario says, or 4, or 1 where the subject has none */
  readonly pages?: number | undefined;
  /** @default `sc` */
  readonly ordering?: Ordering | undefined;
}

/** Pages per buffer unless said otherwise: 16 KiB nodes, the default of mkfs.btrfs, on 4 KiB pages. */
export const PAGES_DEFAULT = 4;

/** Pages unless said otherwise: one of a subject that has none. */
export function pagesOfSubject(pagesAre: PagesAre | undefined): number {
  return pagesAre === 'none' ? 1 : PAGES_DEFAULT;
}

/**
 * Fixes a setting.
 * @throws {RangeError} With one sentence that says what is wrong and what to do.
 */
export function resolveSetting(options: SettingOptions): Setting {
  const { scenario } = options;
  const start = scenario.starts.find(({ name }) => options.start === undefined || name === options.start);
  if (start === undefined) {
    throw new RangeError(`unknown start state '${options.start}': choose ${names(scenario.starts)}`);
  }
  const pages = options.pages ?? scenario.pages ?? pagesOfSubject(scenario.subject.pagesAre);
  if (!Number.isInteger(pages) || pages < 1 || pages > PAGES_MAX) {
    throw new RangeError(`pages: expected an integer from 1 to ${PAGES_MAX}, got ${pages}`);
  }
  const roles = rolesOf(scenario, options.actors ?? start.actors);
  if (roles.length < 2) {
    throw new RangeError(
      `a race needs at least two actors, such as ${usualActors(scenario)}; got ${roles.length}`,
    );
  }
  if (roles.length > ACTORS_MAX) {
    throw new RangeError(`${roles.length} actors are too many: a world has room for ${ACTORS_MAX}`);
  }
  requireServed(roles, start);
  const completion = completionOf(roles, scenario);
  let submitters = 0;
  let buffers = start.buffers;
  for (const [index, role] of roles.entries()) {
    if (role.submitsReads && completion === 'end-io') submitters |= 1 << index;
    buffers += role.allocates;
  }
  return {
    scenario,
    start,
    actors: settingActors(roles, epilogueOf(completion, scenario)),
    geometry: { structures: scenario.subject.Model.structures, pages, buffers: Math.max(buffers, 1) },
    completion,
    submitters,
    ordering: options.ordering ?? 'sc',
  };
}

/** Whether the start state has what these actors need, and they are all that it counts on, those that others wait for among them. */
function requireServed(roles: readonly Role[], { name, serves = {} }: StartState): void {
  const countOf = (role: string): number => roles.filter((other) => other.name === role).length;
  for (const { name: role, waitsForRole } of roles) {
    const count = countOf(role);
    const most = serves[role] ?? count;
    if (count > most)
      throw new RangeError(
        most === 0
          ? `start '${name}' has nothing for an actor '${role}': choose another start or other actors`
          : `start '${name}' serves ${most} '${role}', got ${count}`,
      );
    if (waitsForRole !== undefined && roles.every((other) => other.name !== waitsForRole))
      throw new RangeError(`actor '${role}' waits for what '${waitsForRole}' does: add ${waitsForRole}=1`);
  }
  for (const [role, count] of Object.entries(serves)) {
    if (countOf(role) < count)
      throw new RangeError(`start '${name}' counts on ${role}=${count}: nobody else gives back what it has`);
  }
}

function rolesOf(scenario: Scenario, counts: readonly RoleCount[]): Role[] {
  return counts.flatMap(({ role: name, count }) => {
    const role = scenario.roles.find((candidate) => candidate.name === name);
    if (role === undefined)
      throw new RangeError(`unknown actor '${name}': choose from ${names(scenario.roles)}`);
    if (!Number.isInteger(count) || count < 0) {
      throw new RangeError(`actor '${name}': expected a count of 0 or more, got ${count}`);
    }
    return Array.from({ length: count }, () => role);
  });
}

function completionOf(roles: readonly Role[], scenario: Scenario): Completion {
  if (roles.some(({ completesReads }) => completesReads)) return 'end-io';
  const stuck = roles.find(({ waitsForOwnRead }) => waitsForOwnRead);
  if (stuck !== undefined) {
    const completer = completerOf(scenario);
    throw new RangeError(
      `actor '${stuck.name}' waits for its read: ` +
        (completer === undefined
          ? 'no role of the scenario completes it'
          : `add an actor that completes it, such as ${completer}=1`),
    );
  }
  return roles.some(({ waitsForPages }) => waitsForPages) ? 'own-interrupt' : 'none';
}

/** Why reads cannot fail in a setting, and what to do about it. */
export function noCompletion({ scenario }: Pick<Setting, 'scenario'>): string {
  const completer = completerOf(scenario);
  return completer === undefined
    ? 'no role of the scenario completes reads'
    : `no actor completes reads; add one, such as --actors ${usualActors(scenario)},${completer}=1`;
}

/** As `--actors` takes them. */
function usualActors({ starts }: Scenario): string {
  return actorsText(starts[0]?.actors ?? []);
}

function completerOf({ roles }: Scenario): string | undefined {
  return roles.find(({ completesReads }) => completesReads)?.name;
}

function settingActors(roles: readonly Role[], epilogue: Operation | undefined): SettingActor[] {
  const labels = labelsOf(roles.map(({ name }) => name));
  return roles.map((role, index) => ({
    role,
    ordinal: roles.slice(0, index).filter((other) => other === role).length,
    label: labels[index] ?? role.name,
    epilogue: role.submitsReads ? epilogue : undefined,
  }));
}

/** Actors as people read them, by the names of their roles: with a number where a role has several. */
export function labelsOf(roles: readonly string[]): string[] {
  return roles.map((role, index) => {
    const isOnly = roles.filter((other) => other === role).length === 1;
    const ordinal = roles.slice(0, index).filter((other) => other === role).length;
    return isOnly ? role : `${role}#${ordinal}`;
  });
}

function names(things: readonly { readonly name: string }[]): string {
  return things.map(({ name }) => name).join(', ');
}
