import { Machine } from './machine.ts';
import type { MachineParts } from './machine-parts.ts';

/** The nodes of automata whose steps were taken, whatever else the automata know of. */
export class TakenNodes {
  #taken: Uint8Array = new Uint8Array(1 << 10);

  add(node: number): void {
    if (node >= this.#taken.length) {
      const larger = new Uint8Array(node * 2);
      larger.set(this.#taken);
      this.#taken = larger;
    }
    this.#taken[node] = 1;
  }

  has(node: number): boolean {
    return this.#taken[node] === 1;
  }

  clear(): void {
    this.#taken.fill(0);
  }
}

/** A machine that says which steps were taken: for automata that know more than the actors of one start state can come to. */
export class MarkingMachine extends Machine {
  readonly #taken: TakenNodes;

  constructor(parts: MachineParts, taken: TakenNodes) {
    super(parts);
    this.#taken = taken;
  }

  override take(actor: number, choice: number): number {
    this.#taken.add(this.nodes[actor] ?? 0);
    return super.take(actor, choice);
  }
}
