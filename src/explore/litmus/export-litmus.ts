import type { Strategy } from '../../fix/strategy.ts';
import type { Setting } from '../../scenario/setting.ts';
import { NO_REDUCTIONS, type Chances, Session } from '../search/session.ts';
import type { Move } from '../machine/move.ts';
import type { ReplayEnd } from '../witness/replay.ts';
import { dependenciesOf } from './dependencies.ts';
import { cSource, type LitmusForm, litmusSource } from './sources.ts';
import { type Style, threadsOf } from './threads.ts';
import { type WitnessPaths, witnessPaths } from './witness-paths.ts';

/** A witness as a test. */
export interface LitmusExport {
  readonly form: LitmusForm;
  /** The name of the test, without an ending. */
  readonly name: string;
  readonly text: string;
  /** Accesses of memory and barriers of all threads. */
  readonly events: number;
  /** How the witness ends. */
  readonly end: ReplayEnd;
}

/** What is written out. */
export interface LitmusExportOptions {
  readonly setting: Setting;
  readonly strategy: Strategy;
  readonly moves: readonly Move[];
  readonly chances: Chances;
  /** The same as text, to be named in the test. */
  readonly schedule: string;
  /** @default `litmus`, and `c` where that is too large to be enumerated */
  readonly form?: LitmusForm | undefined;
}

/** Events of a test that herd7, which goes through all executions, still comes to an end with. */
const EVENTS_MAX = 24;

const STYLES: Readonly<Record<LitmusForm, Style>> = {
  litmus: { argument: (location) => location, register: (_thread, number) => `r${number}` },
  c: { argument: (location) => `&${location}`, register: (thread, number) => `P${thread}_r${number}` },
};

/**
 * Writes a witness as a test in the C dialect of the Linux memory model: each actor a thread with the accesses that it made in their order,
 * whose condition is that they give what they gave.
 * @throws {LitmusExportError} If it cannot be played, or has a step that the dialect has no words for.
 */
export function exportLitmus(options: LitmusExportOptions): LitmusExport {
  const { setting, strategy, chances, schedule, moves } = options;
  const witness = witnessPaths({ setting, strategy, chances, moves });
  const session = new Session({ setting, strategy, chances, reductions: NO_REDUCTIONS });
  const dependencies = session.attempt(() =>
    witness.paths.map((path, actor) =>
      dependenciesOf(path, { program: session.programOf(actor), steps: session.automata.steps, setting }),
    ),
  );
  const made = (form: LitmusForm): ReturnType<typeof threadsOf> =>
    threadsOf({ setting, witness, dependencies, style: STYLES[form] });
  const events = made('litmus').threads.reduce((sum, thread) => sum + thread.events, 0);
  const form = options.form ?? (events > EVENTS_MAX ? 'c' : 'litmus');
  const { threads, locations } = made(form);
  const name = nameOf(setting, strategy, witness.end);
  const isOfAddress = dependencies.some((path) => path.some((step) => step.isOfAddress));
  const source = {
    name,
    threads,
    locations,
    schedule,
    setting,
    isOfAddress,
    end: witness.end,
    final: witness.final,
  };
  return {
    form,
    name,
    text: form === 'litmus' ? litmusSource(source) : cSource(source),
    events,
    end: witness.end,
  };
}

function nameOf({ scenario }: Setting, strategy: Strategy, end: WitnessPaths['end']): string {
  const ending = end.kind === 'violated' ? end.invariant : end.kind;
  const words = [scenario.name, strategy.name, ending].map((word) =>
    word.replaceAll(/[^A-Za-z0-9.]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, ''),
  );
  return words.join('+');
}
