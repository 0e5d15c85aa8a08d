import type { NamedSetting } from '../../catalog/named-setting.ts';
import { type Ordering, ORDERINGS, orderingPart } from '../../memory/ordering.ts';
import { actorsText, parseActorsText, type RoleCount } from '../../scenario/role-count.ts';
import type { Move } from '../machine/move.ts';

/**
 * Schedules as text, to be copied from a report and pasted into a shell:
 *
 *     eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p4:a5b12a~1a3
 *
 * version, scenario, start state, strategy, actors, pages (with `r` if reads may fail, `t` if page trylocks may, and
 * `s` if the setup of reads may), and the moves: actor a to p and how many steps it takes, with `~c` after a step that was
 * taken in its way c (the first one is 0 and not written).
 *
 * Where stores wait, a schedule says in which ordering, and a capital letter is a store of that actor that becomes visible:
 *
 *     eb2:readahead-vs-releasepage:primed:./my-fix.mjs:finder=1,reclaim=1:p1:x86:a5b12Aa3
 */
export interface Schedule extends NamedSetting {
  /** A name, or the path of a plug-in. */
  readonly strategy: string;
  readonly readsFail: boolean;
  readonly trylocksFail: boolean;
  readonly setupsFail: boolean;
  readonly moves: readonly Move[];
}

/** A text that is no schedule of this version, or a schedule that cannot be played. */
export class ScheduleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScheduleError';
  }
}

const VERSION = 'eb1';
const FORM = 'scenario:start:strategy:actors:pages:moves';
/** Of a schedule with an ordering. */
const VERSION_ORDERED = 'eb2';
const FORM_ORDERED = 'scenario:start:strategy:actors:pages:ordering:moves';
const CODE_OF = { actor: 'a'.charCodeAt(0), buffer: 'A'.charCodeAt(0) };
/** Longest schedule that is read: far beyond any that the engine finds. */
const MOVES_MAX = 1_000_000;

/** Writes a schedule. */
export function formatSchedule(schedule: Schedule): string {
  const { readsFail, trylocksFail, setupsFail, ordering = 'sc' } = schedule;
  const isOrdered = ordering !== 'sc';
  const chances = `${readsFail ? 'r' : ''}${trylocksFail ? 't' : ''}${setupsFail ? 's' : ''}`;
  return [
    isOrdered ? VERSION_ORDERED : VERSION,
    escape(schedule.scenario),
    escape(schedule.start),
    escape(schedule.strategy),
    actorsText(schedule.actors.map(({ role, count }) => ({ role: escape(role), count }))),
    `p${schedule.pages}${chances}`,
    ...(isOrdered ? [ordering] : []),
    formatMoves(schedule.moves, isOrdered ? countOf(schedule.actors) : Infinity),
  ].join(':');
}

/**
 * Reads a schedule. Names are not looked up, and moves not played.
 * @throws {ScheduleError} With one line that says what is wrong.
 */
export function parseSchedule(text: string): Schedule {
  const fields = text.trim().split(':');
  const [version, scenario = '', start = '', strategy = '', actors = '', size = '', ...rest] = fields;
  if (version !== VERSION && version !== VERSION_ORDERED) {
    const what = /^eb\d+$/.test(version ?? '') ? `a schedule of version ${version}` : 'no schedule';
    throw new ScheduleError(`${what}: expected ${VERSION}:${FORM}, got '${clip(text)}'`);
  }
  const isOrdered = version === VERSION_ORDERED;
  const form = `${version}:${isOrdered ? FORM_ORDERED : FORM}`;
  const count = form.split(':').length;
  if (fields.length !== count) {
    throw new ScheduleError(
      `a schedule has ${count} fields between colons, this one has ${fields.length}: '${clip(text)}'`,
    );
  }
  const ordering = isOrdered ? parseOrdering(rest[0] ?? '') : undefined;
  const parsed = /^p(\d{1,3})(r?)(t?)(s?)$/.exec(size);
  if (parsed === null) {
    throw new ScheduleError(
      `pages: expected p4, with r, t and s behind it or some of them, got '${clip(size)}'`,
    );
  }
  const counts = parseActors(actors);
  return {
    scenario: unescape(scenario),
    start: unescape(start),
    strategy: unescape(strategy),
    actors: counts,
    pages: Number(parsed[1]),
    readsFail: parsed[2] === 'r',
    trylocksFail: parsed[3] === 't',
    setupsFail: parsed[4] === 's',
    ...orderingPart(ordering),
    moves: parseMoves(rest.at(-1) ?? '', isOrdered ? countOf(counts) : undefined),
  };
}

function parseOrdering(text: string): Ordering {
  const known = ORDERINGS.filter((ordering) => ordering !== 'sc');
  const found = known.find((ordering) => ordering === text);
  if (found !== undefined) return found;
  throw new ScheduleError(`ordering: expected ${known.join(' or ')}, got '${clip(text)}'`);
}

function countOf(actors: readonly RoleCount[]): number {
  return actors.reduce((sum, { count }) => sum + count, 0);
}

function formatMoves(moves: readonly Move[], actorCount: number): string {
  let text = '';
  let run = 0;
  for (const [index, { actor, choice }] of moves.entries()) {
    run++;
    if (moves[index + 1]?.actor === actor && choice === 0) continue;
    text += letterOf(actor, actorCount) + (run === 1 ? '' : String(run)) + (choice === 0 ? '' : `~${choice}`);
    run = 0;
  }
  return text;
}

/** `actorCount`: of a schedule in which stores become visible. */
function parseMoves(text: string, actorCount: number | undefined): Move[] {
  const moves: Move[] = [];
  const pattern =
    actorCount === undefined ? /([a-p])(\d{0,7})(?:~(\d{1,3}))?/y : /([a-pA-P])(\d{0,7})(?:~(\d{1,3}))?/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      throw new ScheduleError(
        `moves: expected an actor from a to p${actorCount === undefined ? '' : ', or a buffer from A to P,'} and a count, got '${clip(text.slice(at))}'`,
      );
    }
    const [, letter = 'a', count = '', choice = '0'] = match;
    const steps = count === '' ? 1 : Number(count);
    if (steps === 0 || moves.length + steps > MOVES_MAX) {
      throw new ScheduleError(`moves: expected 1 to ${MOVES_MAX} steps, got '${clip(match[0])}'`);
    }
    const actor = moverOf(letter, actorCount ?? 0);
    for (let step = 1; step <= steps; step++)
      moves.push({ actor, choice: step === steps ? Number(choice) : 0 });
  }
  return moves;
}

function parseActors(text: string): RoleCount[] {
  try {
    return parseActorsText(text).map(({ role, count }) => ({ role: unescape(role), count }));
  } catch (error) {
    if (error instanceof RangeError) throw new ScheduleError(error.message);
    throw error;
  }
}

function letterOf(mover: number, actorCount: number): string {
  return String.fromCharCode(
    mover < actorCount ? CODE_OF.actor + mover : CODE_OF.buffer + mover - actorCount,
  );
}

function moverOf(letter: string, actorCount: number): number {
  const code = letter.charCodeAt(0);
  return code >= CODE_OF.actor ? code - CODE_OF.actor : code - CODE_OF.buffer + actorCount;
}

/** Everything that a shell or this format might take for its own: a tilde is that only in front. */
function escape(name: string): string {
  return name.replaceAll(/^~|[^\w./@~-]/gu, (character) =>
    encodeURIComponent(/\p{Cs}/u.test(character) ? '\u{fffd}' : character).replaceAll(/[!'()*~]/g, hex),
  );
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ScheduleError(`'${clip(text)}' is not escaped as a name in a schedule is`);
  }
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
