import { NOT_PINNED, pinApart, type Pinned, pinThreads } from '../host/pinning.ts';
import { type ClassPlan, classOfStart, type PlacementPlan } from '../topology/placement-plan.ts';
import type { StartPlaces } from './block-log.ts';

/** What places follow from. */
export interface ActorPlacesParts {
  /** Which actor of which instance runs where; undefined: see `pinApart`. */
  readonly placement?: PlacementPlan | undefined;
  readonly seed: number;
  /** Starts before those of this session. @default 0 */
  readonly startsBefore?: number | undefined;
  /** Whether to keep actors anywhere at all. @default true */
  readonly isPinned?: boolean | undefined;
}

/** The system's numbers of the threads of an instance, by actor. */
type Threads = readonly number[];

/** Where the actors of a session are kept, start by start. */
export class ActorPlaces {
  readonly #parts: ActorPlacesParts;
  readonly #starts: { placement: string | undefined; processors: StartPlaces['processors'] }[] = [];
  #pinning: Promise<Pinned> | undefined;
  #failed: string | null = null;

  constructor(parts: ActorPlacesParts) {
    this.#parts = parts;
  }

  /** The places in the next start of the threads; undefined if none are planned. */
  next(): ClassPlan | undefined {
    return this.#planned(this.#starts.length);
  }

  /** A start begins. */
  begin(): void {
    this.#starts.push({ placement: this.next()?.placement, processors: [] });
    this.#pinning = undefined;
  }

  /** Keeps the actors of the present start where they are to be; asked again, does nothing. */
  keep(threads: readonly Threads[]): Promise<Pinned> {
    return (this.#pinning ??= this.#keep(threads));
  }

  /** Where they are kept, once they are, and whether that has failed in any start so far. */
  async kept(): Promise<Pinned> {
    const { processors } = (await this.#pinning) ?? NOT_PINNED;
    return { processors, failed: this.#failed };
  }

  /** Whether actors of the present start have no processor of their own, on purpose. */
  get areShared(): boolean {
    return (this.#planned(this.#starts.length - 1)?.actorsPerProcessor ?? 0) > 1;
  }

  /** Where the actors of a start are, as far as that is known by now. */
  at(start: number): StartPlaces | undefined {
    return this.#starts[start];
  }

  async #keep(threads: readonly Threads[]): Promise<Pinned> {
    const start = this.#starts.at(-1);
    if (this.#parts.isPinned === false || start === undefined) return NOT_PINNED;
    const planned = this.#planned(this.#starts.length - 1);
    const pinned = await (planned === undefined ? pinApart(threads.flat()) : pinAsPlanned(threads, planned));
    const { processors, failed } = pinned;
    this.#failed ??= failed;
    if (processors === null) start.placement = undefined;
    else {
      let at = 0;
      start.processors = threads.map((own) => processors.slice(at, (at += own.length)));
    }
    return pinned;
  }

  #planned(start: number): ClassPlan | undefined {
    const { placement, seed, startsBefore = 0 } = this.#parts;
    return placement === undefined ? undefined : classOfStart(placement, startsBefore + start, seed);
  }
}

/** Keeps the threads where the plan wants them; leaves them all to the system where it does for one. */
function pinAsPlanned(threads: readonly Threads[], { instances }: ClassPlan): Promise<Pinned> | Pinned {
  const processors = threads.flatMap((_, index) => instances[index]?.processors ?? [null]);
  const known = processors.filter((processor) => processor !== null);
  return known.length < processors.length ? NOT_PINNED : pinThreads(threads.flat(), known);
}
