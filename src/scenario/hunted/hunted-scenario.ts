/** A hunted program as a scenario, made when it is asked for. */
import { PAGES_MAX } from '../../memory/layout.ts';
import type { Alphabet } from '../alphabet.ts';
import type { Outcome, Role, RoleCount, Scenario } from '../scenario.ts';
import { type ActorProgram, actorProgram, roleOf, THEN } from './actor-program.ts';
import { formatHunted, type HuntedNames } from './hunted-names.ts';
import { FLIGHT, isWithin, type QuietStart, startNamed } from './start.ts';

const outcomes: readonly Outcome[] = [
  { name: 'bug', grade: 'FORBIDDEN', summary: 'an invariant was violated' },
  { name: 'sound', grade: 'ACCEPTABLE', summary: 'nothing was violated' },
];

/** Actors of a hunted program at most, with one that completes IO. */
const HUNTED_ACTORS_MAX = 4;
const STRIDE = 4;

/** What a program is made of, looked up. */
export interface HuntedParts {
  readonly alphabet: Alphabet;
  readonly start: QuietStart;
  readonly actors: readonly ActorProgram[];
  readonly readsFail: boolean;
  readonly setupsFail: boolean;
}

/** Looks the parts of a program up, or says in half a sentence why there is none such. */
export function huntedParts(alphabet: Alphabet, names: HuntedNames): HuntedParts | string {
  const { pages, readsFail, setupsFail } = names;
  if (pages < 1 || pages > PAGES_MAX) return `expected 1 to ${PAGES_MAX} pages, got ${pages}`;
  const start = startNamed(alphabet, pages, names.start);
  if (start === undefined) return `nothing leads to a start state '${names.start}'`;
  const actors: ActorProgram[] = [];
  for (const text of names.actors) {
    const program = actorProgram(alphabet, text.split(THEN));
    if (program === undefined) return `the rules of the kernel allow no program '${text}'`;
    actors.push(program);
  }
  const parts = { alphabet, start, actors, readsFail, setupsFail };
  return objectionTo(parts) ?? parts;
}

/** Why these do not go together, in half a sentence, or undefined. */
export function objectionTo(parts: HuntedParts): string | undefined {
  const { alphabet, start, actors } = parts;
  const facts = factsOf(actors);
  return objectionBetween(alphabet, facts, start) ?? objectionToFailures(alphabet, facts, parts);
}

/** What has to be known of actors to tell where they fit. */
export interface ActorFacts {
  /** Names of all their operations. */
  readonly names: readonly string[];
  readonly actors: number;
  readonly holders: number;
  /** By rule: how many of their operations are limited in number. */
  readonly limited: ReadonlyMap<string, number>;
  readonly submitsRead: boolean;
  readonly submitsWrite: boolean;
  readonly waits: boolean;
  /** Operations that complete IO. */
  readonly completers: number;
}

/** Of these actors together. */
export function factsOf(actors: readonly ActorProgram[]): ActorFacts {
  const limited = new Map<string, number>();
  let holders = 0;
  let submitsRead = false;
  let submitsWrite = false;
  let waits = false;
  let completers = 0;
  const names: string[] = [];
  for (const actor of actors) {
    if (actor.isHolder) holders++;
    for (const [id, count] of actor.limited) limited.set(id, (limited.get(id) ?? 0) + count);
    for (const operation of actor.operations) {
      names.push(operation.name);
      submitsRead ||= operation.submits === 'read';
      submitsWrite ||= operation.submits === 'write';
      waits ||= operation.waits === true;
      if (operation.completes === true) completers++;
    }
  }
  const io = { submitsRead, submitsWrite, waits, completers };
  return { names, actors: actors.length, holders, limited, ...io };
}

/** Why these actors cannot begin there, in half a sentence, or undefined. */
export function objectionBetween(
  alphabet: Alphabet,
  facts: ActorFacts,
  start: QuietStart,
): string | undefined {
  const { actors, holders, limited, completers } = facts;
  if (actors < 2 || actors > HUNTED_ACTORS_MAX)
    return `expected 2 to ${HUNTED_ACTORS_MAX} actors, got ${actors}`;
  if (holders !== start.held)
    return `${start.held} references are held at the start, and ${holders} actors have one`;
  if (!isWithin(alphabet, limited, start.isBlockFree)) return 'the block is freed more often than it is used';
  if (!isInCompany(alphabet, facts)) return 'an operation comes when those beside it are over';
  if (completers > 1) return 'one actor at most completes IO';
  const hasIo = facts.submitsWrite || facts.submitsRead || start.inFlight !== undefined;
  if ((start.inFlight !== undefined || facts.waits) && completers === 0)
    return 'nobody completes the IO that is waited for';
  if (completers > 0 && !hasIo) return 'nobody submits anything to be completed';
  return undefined;
}

/** Whether everything that runs beside an operation may do so. */
function isInCompany({ rules }: Alphabet, { names }: ActorFacts): boolean {
  return rules.every(({ operations, kept }) => {
    if (kept.by !== 'company') return true;
    const at = names.findIndex((name) => operations.includes(name));
    return at < 0 || names.toSpliced(at, 1).every((name) => kept.allows.includes(name));
  });
}

/** Why nothing of that can fail, in half a sentence, or undefined. */
export function objectionToFailures(
  alphabet: Alphabet,
  { submitsRead }: ActorFacts,
  { start, readsFail, setupsFail }: Pick<HuntedParts, 'start' | 'readsFail' | 'setupsFail'>,
): string | undefined {
  if (setupsFail && !alphabet.setupsFail) return 'what is read is set up in this kernel';
  const { inFlight } = start;
  const isMissing = (readsFail && !submitsRead && inFlight !== 'read') || (setupsFail && !submitsRead);
  return isMissing ? 'nobody reads' : undefined;
}

/** The scenario of a program; its name is the text of it. */
export function huntedScenario(parts: HuntedParts): Scenario {
  const { alphabet, start, actors, readsFail, setupsFail } = parts;
  const { kernel, subject, replayColumns } = alphabet;
  const texts = actors.map(({ text }) => text);
  const name = formatHunted({
    kernel,
    start: start.name,
    actors: texts,
    pages: start.pages,
    readsFail,
    setupsFail,
  });
  const roles = new Map<string, Role>(actors.map((actor) => [actor.text, roleOf(actor)]));
  const operations = new Set([
    ...actors.flatMap((actor) => actor.operations.map((operation) => operation.name)),
    ...(start.inFlight === undefined ? [] : [FLIGHT]),
  ]);
  return {
    subject,
    name,
    summary: texts.join(' against '),
    origin: `hunt, ${alphabet.summary}`,
    starts: [
      {
        name: 'start',
        summary: `behind ${start.name}`,
        actors: countsOf(texts),
        buffers: start.buffers,
        stride: STRIDE,
        reset: start.reset,
      },
    ],
    roles: [...roles.values()],
    outcomes,
    classify: () => 1,
    ...(alphabet.judgesTrials && {
      atRest: (words, geometry, fs): number => alphabet.atRest(words, geometry, { fs, held: 0, operations }),
    }),
    pages: start.pages,
    chances: { ...(readsFail && { readsFail }), ...(setupsFail && { setupsFail }) },
    replayColumns,
  };
}

/** Actors as counts: equal programs are neighbors. */
function countsOf(texts: readonly string[]): readonly RoleCount[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([role, count]) => ({ role, count }));
}
