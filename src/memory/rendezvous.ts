import {
  ACTOR_ASLEEP,
  ACTOR_LAST,
  ACTOR_PING,
  ACTOR_STRIDE,
  ACTOR_WAITING,
  actorLine,
  BLOCK_STOP,
} from './control.ts';
import type { Instructions } from './instructions.ts';
import type { Address } from './layout.ts';

/** One actor's place in a rendezvous. */
export interface RendezvousParts {
  readonly words: Int32Array;
  readonly instructions: Instructions;
  readonly actorBase: Address;
  readonly actorCount: number;
  readonly actor: number;
  /** Probes before the actor sleeps; few where the actors share processors. */
  readonly spinsMax: number;
  /** How it sleeps. @default `Atomics.wait` */
  readonly wait?: typeof Atomics.wait | undefined;
}

// Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts.
// oxlint-disable-next-line typescript/unbound-method -- they do not look at what they are called on
const { notify, wait } = Atomics;

/** How long a sleeping actor waits before it looks again: a bound on what a lost notification would cost, in ms. */
const SLEEP_MS = 5;
/** Round trips of one probe: about 30 us in the near placement, 120 us in the far one. */
const PINGS = 256;
/** The same for a thread's first probe, in which the JIT compiler gets to its loop: interpreted, it measures itself. */
const PINGS_FIRST = 8_192;
/** Round trips of a probe at most. */
export const PINGS_MAX: number = PINGS_FIRST;
/** The fastest run of so many round trips counts: what interrupts an actor makes a run longer, never shorter. */
const PINGS_PER_RUN = 32;
/** Probes after which the other actor counts as not running, once it has answered. */
const PING_SPINS_MAX = 200_000;
/** Waits of a rendezvous that the first answer may take: some 10 ms, as a sleeping thread wakes up late on a virtual machine. */
const FIRST_PING_WAITS = 1_000;

/**
 * Where the actors of a trial meet after each stride. Every actor publishes the stride it has finished in a line of its
 * own and waits for all others: each line moves between cores once per meeting. Actor 0 decides which stride is the
 * last, and says so before it publishes that stride.
 */
export class Rendezvous {
  readonly #words: Int32Array;
  readonly #do: Instructions;
  readonly #line: Address;
  readonly #others: readonly Address[];
  readonly #leader: Address;
  readonly #spinsMax: number;
  readonly #wait: typeof Atomics.wait;
  #hasProbed = false;

  constructor(place: RendezvousParts) {
    this.#words = place.words;
    this.#do = place.instructions;
    this.#line = actorLine(place.actorBase, place.actor);
    this.#leader = place.actorBase;
    this.#spinsMax = place.spinsMax;
    this.#wait = place.wait ?? wait;
    this.#others = Array.from({ length: place.actorCount }, (_, actor) =>
      actorLine(place.actorBase, actor),
    ).filter((line) => line !== this.#line);
  }

  /**
   * Meets the others after stride number `stride`, counted from 1. Returns false if it was the last one. `isLast` is
   * actor 0's wish to end here; a stop by the main thread counts as one.
   */
  meet(stride: number, isLast: boolean): boolean {
    const words = this.#words;
    if (this.#line === this.#leader && (isLast || this.#do.load(BLOCK_STOP) !== 0)) {
      this.#do.store(this.#line + ACTOR_LAST, stride);
    }
    this.#do.store(this.#line + ACTOR_STRIDE, stride);
    const others = this.#others;
    for (let index = 0; index < others.length; index++) {
      const other = others[index] as Address;
      // A sleeper sets its flag before it compares the stride, and the stride is stored before the flag is read here:
      // one of the two sees the other.
      if (this.#do.load(other + ACTOR_ASLEEP) !== 0) notify(words, this.#line + ACTOR_STRIDE);
      if (this.#do.load(other + ACTOR_STRIDE) < stride) this.#await(other + ACTOR_STRIDE, stride);
    }
    return this.#do.load(this.#leader + ACTOR_LAST) !== stride;
  }

  /**
   * Lets all actors go at `stride`, counted like that of `meet`: the others report to actor 0, and it lets them go once
   * all are there. Unlike in `meet`, it is always the same actor that goes first: the others follow by the time that one
   * line takes to move, about half a round trip.
   */
  release(stride: number): void {
    const words = this.#words;
    const others = this.#others;
    if (this.#line !== this.#leader) {
      this.#do.store(this.#line + ACTOR_STRIDE, stride);
      if (this.#do.load(this.#leader + ACTOR_ASLEEP) !== 0) notify(words, this.#line + ACTOR_STRIDE);
      this.#await(this.#leader + ACTOR_STRIDE, stride);
      return;
    }
    for (let index = 0; index < others.length; index++) {
      this.#await((others[index] as Address) + ACTOR_STRIDE, stride);
    }
    this.#do.store(this.#line + ACTOR_STRIDE, stride);
    for (let index = 0; index < others.length; index++) {
      if (this.#do.load((others[index] as Address) + ACTOR_ASLEEP) !== 0) {
        notify(words, this.#line + ACTOR_STRIDE);
      }
    }
  }

  /**
   * Measures the round trip between actors 0 and 1, which both call it; others return at once. In tenths of ns, by
   * `clock` in ns; 0 for everybody but actor 0, and where actor 1 does not answer. Once at the start of a block and once
   * at its end: `before` is 0 at first, then `PINGS_MAX`.
   */
  measureRoundTrip(clock: () => bigint, before = 0): number {
    const mine = this.#line + ACTOR_PING;
    const leader = this.#leader + ACTOR_PING;
    const second = actorLine(this.#leader, 1) + ACTOR_PING;
    if (mine !== leader && mine !== second) return 0;
    const isLeader = mine === leader;
    const peer = isLeader ? second : leader;
    const pings = this.#hasProbed ? PINGS : PINGS_FIRST;
    this.#hasProbed = true;
    let startedAt = 0n;
    let fastest = Infinity;
    for (let ping = before + 1; ping <= before + pings; ping++) {
      if (isLeader) this.#do.store(mine, ping);
      let spins = 0;
      const spinsMax = ping === before + 1 ? FIRST_PING_WAITS * this.#spinsMax : PING_SPINS_MAX;
      while (this.#do.load(peer) < ping) if (++spins > spinsMax) return 0;
      if (!isLeader) this.#do.store(mine, ping);
      else if (ping % PINGS_PER_RUN === 0) {
        const now = clock();
        // The first run gets both sides going.
        if (ping > before + PINGS_PER_RUN) fastest = Math.min(fastest, Number(now - startedAt));
        startedAt = now;
      }
    }
    return isLeader ? Math.max(1, Math.round((fastest * 10) / PINGS_PER_RUN)) : 0;
  }

  #await(address: Address, stride: number): void {
    const words = this.#words;
    for (let spins = 0; spins < this.#spinsMax; spins++) if (this.#do.load(address) >= stride) return;
    words[this.#line + ACTOR_WAITING] = address;
    this.#do.store(this.#line + ACTOR_ASLEEP, 1);
    for (;;) {
      const seen = this.#do.load(address);
      if (seen >= stride) break;
      this.#wait(words, address, seen, SLEEP_MS);
    }
    this.#do.store(this.#line + ACTOR_ASLEEP, 0);
    words[this.#line + ACTOR_WAITING] = 0;
  }
}
