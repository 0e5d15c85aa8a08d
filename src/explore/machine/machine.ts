import { ActorWorld } from './actor-world.ts';
import { accessKinds, accessNumbered } from '../../memory/access.ts';
import type { AccessKind } from '../../memory/access-kind.ts';
import { Fault } from '../../memory/fault.ts';
import { FS_BIO, type FsInfo, POISON, SLAB_FREE, SLAB_RCU_PENDING } from '../../memory/layout.ts';
import { Check } from '../../model/check.ts';
import { atRestOf, forbiddenByClassify } from '../../scenario/judge.ts';
import { PG_LOCKED } from '../../memory/page-flags.ts';
import type { MachineParts } from './machine-parts.ts';
import { Kind } from '../program/step.ts';
import { FS } from '../program/fs.ts';

const LOCKED = 1 << PG_LOCKED;
/** New accesses have higher numbers than those before: from this one on they are what the table says. */
const FIRST_BY_TABLE: number = Kind.SetupFails + 1;
/** What a step that is no access does to its word, and says of it. */
const NEITHER: Pick<AccessKind, 'leaves' | 'answer'> = {};
/** Integers of one record in the log before its stores. */
const RECORD = 8;

/**
 * One world and its actors between two steps: takes steps, and takes them back. Semantics are those of AtomicsMemory,
 * one method one step, with two differences: what waits there is not enabled here, and locks hold 1 instead of a tag.
 *
 * `cpu_relax` waits until another actor has changed a word that is no spin lock since this actor relaxed last: a round
 * of a retry loop that saw nothing new would end as the one before, so that retry loops are finite.
 */
export class Machine extends ActorWorld {
  /** Result of the step taken last. */
  result = 0;
  /** First oops of an actor's way to its first step. */
  initialOops = 0;
  readonly #trylocksFail: boolean;
  readonly #brokenAtRest: (fs: FsInfo) => number;
  readonly #forbidden: Uint8Array;
  #actor = 0;
  /** What the step that is being taken does wrong, or 0. */
  #fault = 0;

  constructor(parts: MachineParts) {
    super(parts);
    const { setting } = parts;
    this.#trylocksFail = parts.trylocksFail;
    const { scenario } = setting;
    this.#forbidden = forbiddenByClassify(scenario);
    this.#brokenAtRest = atRestOf(scenario, {
      words: this.words,
      geometry: setting.geometry,
      isIoDone: setting.completion !== 'none',
      bioReferences: parts.bioReferences,
    });
    this.reset();
  }

  /** Brings the world into its start state. */
  reset(): void {
    this.resetWords();
    this.initialOops = this.resetActors();
  }

  /** Whether the actor can take its pending step now. */
  isEnabled(actor: number): boolean {
    const { automata, words } = this;
    const node = this.nodes[actor] as number;
    const address = automata.address.at[node] as number;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
    switch (automata.kind.at[node]) {
      case Kind.Done:
        return false;
      case Kind.SpinLock:
      case Kind.DownWrite:
        return words[address] === 0 || this.isGone(actor, address);
      case Kind.DownRead:
        return (words[address] as number) >= 0 || this.isGone(actor, address);
      case Kind.WaitOnBit:
        return (
          (((words[address] as number) >>> (automata.operand.at[node] as number)) & 1) === 0 ||
          this.isGone(actor, address)
        );
      case Kind.LockPage:
      case Kind.WaitOnPageLocked:
        return ((words[address] as number) & LOCKED) === 0;
      case Kind.WaitEvent:
        return words[address] !== automata.operand.at[node] || this.isGone(actor, address);
      case Kind.CpuRelax:
        return (this.stirred & (1 << actor)) !== 0;
      case Kind.KmemCacheZalloc:
        return this.slabChoices(this.isRcuIdle()) > 0;
      default:
        return true;
    }
  }

  /**
   * Whether the pending step of an actor is a spin_lock. Those of the kernel are queues: whoever waits for one gets it in the end if it is
   * given back again and again, whereas the others promise no more than that one goes on who can go on for good.
   */
  spins(actor: number): boolean {
    return this.automata.kind.at[this.nodes[actor] as number] === Kind.SpinLock;
  }

  /** How many ways the pending step of an enabled actor has. */
  choices(actor: number): number {
    const node = this.nodes[actor] as number;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
    switch (this.automata.kind.at[node]) {
      case Kind.KmemCacheZalloc:
        return this.slabChoices(this.isRcuIdle());
      case Kind.BioStatus:
        return 3;
      case Kind.SetupFails:
        return 2;
      case Kind.TrylockPage:
        if (!this.#trylocksFail) return 1;
        return ((this.words[this.automata.address.at[node] as number] as number) & LOCKED) === 0 ? 2 : 1;
      default:
        return 1;
    }
  }

  /** Whether all actors have finished. */
  isDone(): boolean {
    const kinds = this.automata.kind.at;
    for (let actor = 0; actor < this.actorCount; actor++) {
      if (kinds[this.nodes[actor] as number] !== Kind.Done) return false;
    }
    return true;
  }

  /** The whole state, actor by actor and word by word, as text. */
  identity(): string {
    return `${this.words.join(',')} ${this.nodes.join(',')} ${this.stirred} ${this.notes}`;
  }

  /** The check that the world breaks once all actors have finished, or 0. */
  brokenAtRest(): number {
    const broken = this.#brokenAtRest(FS);
    if (broken !== 0) return broken;
    return this.#forbidden[this.outcome()] === 1 ? Check.ForbiddenOutcome : 0;
  }

  /** What the final state of a litmus test is, once all actors have finished; undefined of any other scenario. */
  finalState(): string | undefined {
    const { litmus } = this.setting.scenario;
    return litmus?.stateText(litmus.observedAt.map((word) => this.words[FS + word] ?? 0));
  }

  /** The outcome of a trial without a violation. */
  outcome(): number {
    return this.setting.scenario.classify(this.notes);
  }

  /** Takes the pending step of an enabled actor. Returns the check that this violates, or 0. */
  take(actor: number, choice: number): number {
    const { automata } = this;
    const node = this.nodes[actor] as number;
    this.open(actor, node);
    this.execute(actor, node, choice);
    if (this.#fault !== 0) {
      const fault = this.#fault;
      this.#fault = 0;
      this.closeStep();
      return fault;
    }
    const edge = automata.edge(node, this.result);
    this.nodes[actor] = automata.edgeTarget.at[edge] as number;
    const notes = automata.edgeNotes.at[edge] as number;
    if (notes !== 0) this.note(notes);
    const ghosts = automata.edgeGhosts.at[edge] as number;
    if (ghosts !== 0) this.haunt(ghosts, actor);
    this.renew(actor);
    this.closeStep();
    return automata.edgeOops.at[edge] as number;
  }

  /** Takes the last step back. */
  undo(): void {
    const { log, words, allStirred } = this;
    const doubt = words[this.doubt] as number;
    const at = this.undoStores(RECORD);
    const actor = log[at] as number;
    this.nodes[actor] = log[at + 1] as number;
    const stirred = log[at + 7] as number;
    const changed = words[this.doubt] === doubt ? stirred ^ this.stirred : allStirred;
    this.stirred = stirred;
    this.renewAll(changed);
    this.termLow[actor] = log[at + 2] as number;
    this.termHigh[actor] = log[at + 3] as number;
    this.low = log[at + 4] as number;
    this.high = log[at + 5] as number;
    this.notes = log[at + 6] as number;
  }

  protected open(actor: number, node: number): void {
    const at = this.openStep(RECORD);
    const { log } = this;
    log[at] = actor;
    log[at + 1] = node;
    log[at + 2] = this.termLow[actor] as number;
    log[at + 3] = this.termHigh[actor] as number;
    log[at + 4] = this.low;
    log[at + 5] = this.high;
    log[at + 6] = this.notes;
    log[at + 7] = this.stirred;
    this.#actor = actor;
  }

  /** Does the step, and leaves what it gives in `result`. All ordinary stores are made here, in one place, which V8 turns into one piece of code. */
  protected execute(actor: number, node: number, choice: number): void {
    const { automata, words } = this;
    const address = automata.address.at[node] as number;
    const old = words[address] as number;
    const kind = automata.kind.at[node] as number;
    if (this.isGone(actor, address) && kind !== Kind.KmemCacheFree && kind !== Kind.CallRcuFree) {
      this.#fault = Fault.UseAfterFree;
      this.result = old;
      return;
    }
    this.result = 0;
    const value = this.#valueBehind(node, kind, old, choice);
    if (value === old) return;
    this.storeHashed(address, value);
    // Nobody waits for a change of a lock but those that want it, who are asked about the lock itself.
    if (kind !== Kind.SpinLock && kind !== Kind.SpinUnlock) this.stir();
  }

  /**
   * What the word of a step that held `old` holds behind it; sets `result`, which is 0, where the step gives something. A step
   * that is more than a change of its word is done here, and leaves the word to itself.
   */
  #valueBehind(node: number, kind: number, old: number, choice: number): number {
    const { automata } = this;
    const operand = automata.operand.at[node] as number;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
    switch (kind) {
      case Kind.AtomicRead:
      case Kind.RefcountRead:
      case Kind.ReadOnce:
      case Kind.WaitEvent:
        this.result = old;
        return old;
      case Kind.AtomicSet:
      case Kind.RefcountSet:
      case Kind.WriteOnce:
        return operand;
      case Kind.AtomicInc:
        return (old + 1) | 0;
      case Kind.AtomicFetchInc:
      case Kind.RefcountInc:
        this.result = old;
        return (old + 1) | 0;
      case Kind.AtomicDec:
        return (old - 1) | 0;
      case Kind.AtomicIncNotZero:
      case Kind.RefcountIncNotZero:
        this.result = old === 0 ? 0 : 1;
        return (old + this.result) | 0;
      case Kind.RefcountDec:
      case Kind.RefcountDecAndTest:
        this.result = old;
        return (old - 1) | 0;
      case Kind.AtomicDecAndTest:
        this.result = old === 1 ? 1 : 0;
        return (old - 1) | 0;
      case Kind.AtomicCmpxchg:
        this.result = old;
        return old === operand ? (automata.replacement.at[node] as number) : old;
      case Kind.TestBit:
        this.result = (old >>> operand) & 1;
        return old;
      case Kind.SetBit:
        return old | (1 << operand);
      case Kind.ClearBit:
      case Kind.ClearAndWakeUpBit:
        return old & ~(1 << operand);
      case Kind.TestAndSetBit:
        this.result = (old >>> operand) & 1;
        return old | (1 << operand);
      case Kind.TestAndClearBit:
        this.result = (old >>> operand) & 1;
        return old & ~(1 << operand);
      case Kind.SpinLock:
        return 1;
      case Kind.SpinUnlock:
        return 0;
      case Kind.TrylockPage:
        if ((old & LOCKED) !== 0 || choice === 1) return old;
        this.result = 1;
        return old | LOCKED;
      case Kind.LockPage:
        return old | LOCKED;
      case Kind.UnlockPage:
        if ((old & LOCKED) === 0) this.#fault = Fault.BadUnlock;
        return old & ~LOCKED;
      default:
        if (kind >= FIRST_BY_TABLE) return this.#valueByTable(node, kind, old);
        this.result = this.#executeOther(this.#actor, kind, node, choice);
        return old;
    }
  }

  /** The same of an access that has no code of its own here. */
  #valueByTable(node: number, kind: number, old: number): number {
    const { automata } = this;
    const operand = automata.operand.at[node] as number;
    const access = accessNumbered(kind);
    const { leaves, answer } = access === undefined ? NEITHER : accessKinds[access];
    const replacement = automata.replacement.at[node] as number;
    this.result = answer?.(old, operand, replacement) ?? 0;
    return leaves?.(old, operand, replacement) ?? old;
  }

  /** The steps that do more than change one word, and those that change none. */
  #executeOther(actor: number, kind: number, node: number, choice: number): number {
    const address = this.automata.address.at[node] as number;
    const operand = this.automata.operand.at[node] as number;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant for all others
    switch (kind) {
      case Kind.RcuReadUnlock:
        this.leaveSection(actor, node);
        return 0;
      case Kind.CpuRelax:
        this.restir(this.stirred & ~(1 << actor));
        return 0;
      case Kind.KmemCacheZalloc:
        this.stir();
        return this.allocate(choice, this.isRcuIdle());
      case Kind.KmemCacheFree:
      case Kind.CallRcuFree: {
        const isAtOnce = kind === Kind.KmemCacheFree;
        const readers = isAtOnce ? 0 : this.readers();
        if (!this.free(address, isAtOnce ? SLAB_FREE : SLAB_RCU_PENDING, readers)) return 0;
        this.renewAll(readers & ~(1 << actor));
        this.stir();
        return 1;
      }
      case Kind.ReadOwn:
        return this.words[FS + FS_BIO + actor] as number;
      case Kind.WriteOwn:
        this.storeUnhashed(FS + FS_BIO + actor, operand);
        return 0;
      case Kind.BioStatus:
      case Kind.SetupFails:
        return choice;
      case Kind.Fault:
        this.#fault = operand;
        return 0;
      default:
        return 0;
    }
  }

  /** Lets the others go on that wait for any change. */
  protected stir(): void {
    if (this.stirred === this.allStirred) return;
    this.restir(this.stirred | (this.allStirred & ~(1 << this.#actor)));
  }

  /** What is written to an object that nobody may look at any more tells nothing. */
  protected haunt(index: number, _actor: number): void {
    for (const { address, value } of this.automata.ghosts[index] ?? [])
      if (this.words[address] !== POISON) this.storeHashed(address, value);
  }

  /** An actor leaves a read section at this node. */
  protected leaveSection(actor: number, node: number): void {
    if (this.graceOf(actor) !== 0 && !this.isInRcuBehind(node)) this.endGrace(actor);
  }

  /** Whether an actor that leaves a read section at this node is inside of another. */
  protected isInRcuBehind(node: number): boolean {
    const { automata } = this;
    return automata.inRcu.at[automata.edgeTarget.at[automata.edge(node, 0)] as number] !== 0;
  }

  protected isRcuIdle(): boolean {
    return this.readers() === 0;
  }
}
