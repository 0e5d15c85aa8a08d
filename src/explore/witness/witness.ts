import type { Machine } from '../machine/machine.ts';
import type { Move } from '../machine/move.ts';
import { onePerKind } from '../reduce/ample.ts';
import { FairCycles } from '../search/fair-cycles.ts';
import { LIVELOCK, stuckAs } from '../machine/stuck.ts';
import { POLL_EVERY } from '../search/depth-first.ts';
import type { Session } from '../search/session.ts';

/** A schedule that violates, and how often it takes the processor from an actor that could have gone on. */
export interface FoundWitness {
  readonly moves: readonly Move[];
  readonly preemptions: number;
  /** All changes of actor, including those after an actor has finished or has to wait. */
  readonly switches: number;
  /** In a livelock: how many of the last moves repeat for ever. */
  readonly cycle: number;
}

/** What a search for a witness walks over: a `Machine`, or one that is held to something. */
export interface Walker extends Pick<
  Machine,
  | 'actorCount'
  | 'moverCount'
  | 'low'
  | 'high'
  | 'actorLow'
  | 'actorHigh'
  | 'areAlike'
  | 'isEnabled'
  | 'choices'
> {
  /** Whether the actor could go on if nothing held it back. @default as `isEnabled` */
  readonly isRunnable?: (actor: number) => boolean;
  readonly take: (actor: number, choice: number) => number;
  readonly undo: () => void;
  readonly isDone: () => boolean;
  readonly brokenAtRest: () => number;
}

/** Largest number of preemptions that is tried. */
const PREEMPTIONS_MAX = 64;
/** A bound that never binds. */
const UNBOUNDED = 0xffff;

/**
 * The schedule with the fewest preemptions that breaks `check`, and among those one with the fewest changes of actor:
 * depth first under a bound that is raised one by one, over pairs of a state and the actor that moved last. Partial-order
 * reduction would hide the switches, so that it is not used; symmetry and merged values are.
 *
 * Undefined if `statesMax` pairs were not enough, the automata grew too large, or it was over before. `walk` says what is
 * walked over.
 */
export function shortestWitness(
  session: Session,
  check: number,
  statesMax: number,
  walk: (machine: Machine) => Walker = (machine) => machine,
  isOver: () => boolean = () => false,
): FoundWitness | undefined {
  for (let preemptions = 0; preemptions <= PREEMPTIONS_MAX; preemptions++) {
    let best = session.attempt((machine) =>
      new WitnessSearch(session, { machine, walker: walk(machine) }, check, {
        preemptions,
        switches: UNBOUNDED,
        statesMax,
        isOver,
      }).run(),
    );
    if (best === 'exhausted') return undefined;
    if (best === undefined) continue;
    // Fewer changes may still be possible with as many preemptions.
    for (let switches = preemptions; switches < best.switches; switches++) {
      const better = session.attempt((machine) =>
        new WitnessSearch(session, { machine, walker: walk(machine) }, check, {
          preemptions,
          switches,
          statesMax,
          isOver,
        }).run(),
      );
      if (better === 'exhausted') break;
      if (better !== undefined) {
        best = better;
        break;
      }
    }
    return best;
  }
  return undefined;
}

interface Bound {
  readonly preemptions: number;
  readonly switches: number;
  readonly statesMax: number;
  readonly isOver: () => boolean;
}

class WitnessSearch {
  readonly #session: Session;
  readonly #machine: Walker;
  /** The machine that the walker walks over. */
  readonly #below: Machine;
  readonly #check: number;
  readonly #bound: Bound;
  readonly #cycles: FairCycles | undefined;
  /** The cheapest way that each pair was reached: preemptions above, changes in the low 16 bits. */
  readonly #reached = new Map<string, number>();
  readonly #frames: Frame[] = [];
  readonly #moves: Move[] = [];

  constructor(
    session: Session,
    { machine, walker }: { readonly machine: Machine; readonly walker: Walker },
    check: number,
    bound: Bound,
  ) {
    this.#session = session;
    this.#machine = walker;
    this.#below = machine;
    this.#check = check;
    this.#bound = bound;
    if (check !== LIVELOCK) return;
    session.futures.upToDate();
    this.#cycles = new FairCycles(machine, session.futures.tables);
  }

  run(): FoundWitness | 'exhausted' | undefined {
    const machine = this.#machine;
    if (this.#isFoundAt()) return { moves: [], preemptions: 0, switches: 0, cycle: 0 };
    this.#frames.push(this.#frame({ last: -1, preemptions: 0, switches: 0 }));
    let turns = 0;
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (turns++ % POLL_EVERY === 0 && this.#bound.isOver()) return 'exhausted';
      const option = frame.options[frame.next];
      if (option === undefined) {
        this.#frames.pop();
        if (this.#frames.length > 0) {
          machine.undo();
          this.#moves.pop();
        }
        continue;
      }
      frame.next++;
      this.#moves.push(option);
      const from = this.#below.nodes[option.actor] as number;
      const check = machine.take(option.actor, option.choice);
      const { preemptions, switches } = option;
      const cycle = check === 0 ? this.#cycleAfter(from, option.actor) : [];
      if (check === this.#check || cycle.length > 0 || (check === 0 && this.#isFoundAt())) {
        const moves = [...this.#moves, ...cycle].map(({ actor, choice }) => ({ actor, choice }));
        return { moves, preemptions, switches, cycle: cycle.length };
      }
      if (check !== 0 || !this.#isCheaper(option)) {
        machine.undo();
        this.#moves.pop();
        continue;
      }
      if (this.#reached.size > this.#bound.statesMax || this.#session.isTooLarge) return 'exhausted';
      this.#frames.push(this.#frame({ last: option.last, preemptions, switches }));
    }
    return undefined;
  }

  #isFoundAt(): boolean {
    const machine = this.#machine;
    for (let actor = 0; actor < machine.moverCount; actor++) if (machine.isEnabled(actor)) return false;
    if (!machine.isDone()) return this.#check === stuckAs(this.#below);
    return machine.brokenAtRest() === this.#check;
  }

  /** The cycle that is looked for, or nothing. */
  #cycleAfter(from: number, actor: number): readonly Move[] {
    if (!this.#cycles?.mayClose(from, actor)) return [];
    return this.#cycles.cycleHere(actor) ?? [];
  }

  #isCheaper({ last, preemptions, switches }: Option): boolean {
    const machine = this.#machine;
    const low = (machine.low + machine.actorLow(last)) >>> 0;
    const high = (machine.high + machine.actorHigh(last)) >>> 0;
    const key = `${low} ${high}`;
    const cost = preemptions * 0x1_0000 + switches;
    const known = this.#reached.get(key);
    // Cheaper in one and dearer in the other is a way of its own, and replaces what is known.
    if (known !== undefined && known >>> 16 <= preemptions && (known & 0xffff) <= switches) return false;
    this.#reached.set(key, cost);
    return true;
  }

  /** The ways on: a store that becomes visible, which stops nobody and comes as early as it may; the actor that moved last; the others. */
  #frame(at: { readonly last: number; readonly preemptions: number; readonly switches: number }): Frame {
    const machine = this.#machine;
    let enabled = 0;
    for (let actor = 0; actor < machine.moverCount; actor++) {
      if (machine.isEnabled(actor)) enabled |= 1 << actor;
    }
    const canGoOn = at.last >= 0 && (enabled & (1 << at.last)) !== 0;
    const isPreempted = at.last >= 0 && (machine.isRunnable?.(at.last) ?? canGoOn);
    const others = enabled & ~(canGoOn ? 1 << at.last : 0);
    const kept = this.#session.reductions.symmetry ? onePerKind(machine, others) : others;
    const options: Option[] = [];
    const add = (actor: number, option: Omit<Option, keyof Move>): void => {
      const { preemptions, switches } = option;
      if (preemptions > this.#bound.preemptions || switches > this.#bound.switches) return;
      for (let choice = 0; choice < machine.choices(actor); choice++) {
        options.push({ actor, choice, ...option });
      }
    };
    for (let buffer = machine.actorCount; buffer < machine.moverCount; buffer++)
      if ((kept & (1 << buffer)) !== 0) add(buffer, at);
    if (canGoOn) add(at.last, at);
    const preemptions = at.preemptions + (isPreempted ? 1 : 0);
    const switches = at.switches + (at.last >= 0 ? 1 : 0);
    for (let actor = 0; actor < machine.actorCount; actor++)
      if ((kept & (1 << actor)) !== 0) add(actor, { last: actor, preemptions, switches });
    return { options, next: 0 };
  }
}

interface Option extends Move {
  /** The actor that has moved last behind it. */
  readonly last: number;
  readonly preemptions: number;
  readonly switches: number;
}

interface Frame {
  readonly options: readonly Option[];
  next: number;
}
