/**
 * A hunted program as text, which is the name of its scenario, so that it goes wherever a scenario goes (threads, schedules, commands):
 *
 *     hunt@5.7@free~readahead@init.write@reclaim@p2@setups-fail
 *
 * the kernel, the way to the start state, then the program of each actor, its operations with dots between them; behind them the
 * pages, unless it is one, and what may fail.
 */

/** The parts of it. Names are not looked up. */
export interface HuntedNames {
  readonly kernel: string;
  /** The way to its start state: see start.ts. */
  readonly start: string;
  /** The program of each actor, in canonical order. */
  readonly actors: readonly string[];
  readonly pages: number;
  readonly readsFail: boolean;
  readonly setupsFail: boolean;
}

const PREFIX = 'hunt';
const BETWEEN = '@';
const READS_FAIL = 'reads-fail';
const SETUPS_FAIL = 'setups-fail';
const PAGES = /^p(\d{1,2})$/;

/** Writes it. */
export function formatHunted({ kernel, start, actors, pages, readsFail, setupsFail }: HuntedNames): string {
  return [
    PREFIX,
    kernel,
    start,
    ...actors,
    ...(pages === 1 ? [] : [`p${pages}`]),
    ...(readsFail ? [READS_FAIL] : []),
    ...(setupsFail ? [SETUPS_FAIL] : []),
  ].join(BETWEEN);
}

/** Reads it; undefined if it is none. */
export function parseHunted(text: string): HuntedNames | undefined {
  const [prefix, kernel, start, ...rest] = text.split(BETWEEN);
  if (prefix !== PREFIX || kernel === undefined || start === undefined) return undefined;
  const pages = rest.flatMap((part) => PAGES.exec(part)?.[1] ?? []).map(Number);
  const isActor = (part: string): boolean => part !== READS_FAIL && part !== SETUPS_FAIL && !PAGES.test(part);
  return {
    kernel,
    start,
    actors: rest.filter(isActor),
    pages: pages[0] ?? 1,
    readsFail: rest.includes(READS_FAIL),
    setupsFail: rest.includes(SETUPS_FAIL),
  };
}
