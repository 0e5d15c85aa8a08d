import type { LogFollower } from './log-follower.ts';
import { FS } from '../program/fs.ts';
import { Kind, KIND_NAMES } from '../program/step.ts';
import { WordNames } from '../schedule/word-names.ts';

/** Where an actor stood when nobody could go on as the logs say. */
export interface Standing {
  readonly label: string;
  /** Results of its log that lay behind, of how many. */
  readonly place: number;
  readonly count: number;
  /** The kernel's name of its pending step, and what it accesses; `done` if it had finished. */
  readonly operation: string;
  readonly field: string;
  /** What the step would have returned; null if it had to wait. */
  readonly returns: number | null;
  /** What the log says; null at its end, or where nothing is logged. */
  readonly logged: number | null;
}

/** Where the actors stand. */
export function standings(follower: LogFollower): Standing[] {
  const { machine } = follower;
  const { automata, setting } = machine;
  const names = new WordNames(setting.geometry, FS);
  return setting.actors.map(({ label }, actor) => {
    const node = machine.nodes[actor] ?? 0;
    const kind = automata.kind.at[node] ?? Kind.Done;
    const address = automata.address.at[node] ?? 0;
    let returns: number | null = null;
    if (machine.isEnabled(actor)) {
      machine.take(actor, 0);
      returns = machine.result;
      machine.undo();
    }
    return {
      label,
      place: follower.places[actor] ?? 0,
      count: follower.countOf(actor),
      operation: KIND_NAMES[kind] ?? '',
      field: address >= FS && kind !== Kind.KmemCacheZalloc ? names.place(address) : '',
      returns,
      logged: follower.logged(actor) ?? null,
    };
  });
}
