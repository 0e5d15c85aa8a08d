import { addedTimes, type HostTime, NO_HOST_TIME } from '../host/host-load.ts';
import { type Pinned, pinnedIn } from '../host/pinning.ts';
import type { StartRecord } from '../plan/run-record.ts';
import type { WindowHead } from './window-head.ts';
import type { CountedVisit, WindowRecord } from './window-record.ts';
import type { Visit, VisitOrder } from './window-visit.ts';

/** A visit, wherever it is made. */
type VisitPlace = Pick<VisitOrder, 'arm' | 'lastToucher' | 'offsetNs'>;

/** How far a profile has come: what its records add up to, those of earlier parts of it included. */
export class WindowLog {
  readonly visits: Visit[] = [];
  /** Where the visits that count are made; undefined before the first look is done. */
  offsets: readonly number[] | undefined;
  elapsedMs = 0;
  /** As in records. */
  blocks = 0;
  host: HostTime = NO_HOST_TIME;
  /** Of the last visit: its start in the plan, and its sweep; none of it before there was one. */
  planned = 0;
  sweep = -1;
  readonly #head: Pick<WindowHead, 'arms' | 'actors' | 'measures'>;
  readonly #starts = new Map<number, StartRecord>();
  /** Trials that were made in that sweep, by what was visited. */
  #made = new Map<string, number>();
  #starting = 0;

  constructor(head: Pick<WindowHead, 'arms' | 'actors' | 'measures'>) {
    this.#head = head;
  }

  /**
   * Takes up what was put down.
   * @throws {RangeError} If it is of another profile.
   */
  add(record: WindowRecord): void {
    if (record.kind === 'start') {
      this.#starts.set(record.start, record);
      this.#starting = Math.max(this.#starting, record.start + 1);
      return;
    }
    this.elapsedMs = record.elapsedMs;
    this.blocks = record.blocks;
    this.host = addedTimes(this.host, record.host);
    if (record.kind === 'offsets') {
      this.offsets = record.offsets;
      return;
    }
    const { start, planned, sweep, placement } = record;
    if (planned !== this.planned || sweep !== this.sweep) this.#made = new Map();
    this.planned = planned;
    this.sweep = sweep;
    this.#starting = Math.max(this.#starting, start + 1);
    for (const visit of record.visits) {
      this.#requireOwn(visit);
      const key = keyOf(visit);
      this.#made.set(key, (this.#made.get(key) ?? 0) + visit.trials);
      this.visits.push({ ...visit, start, sweep, placement });
    }
  }

  /** Trials that were made in the last sweep where that order is for. */
  madeAt(place: VisitPlace): number {
    return this.#made.get(keyOf(place)) ?? 0;
  }

  /** How often the threads were started: the number of the start that comes next. */
  get starts(): number {
    return this.#starting;
  }

  /** Classes of placement that starts have had. */
  get placements(): readonly Pick<StartRecord, 'placement'>[] {
    return [...this.#starts.values()];
  }

  /** Where the actors of the last start were, and why any could not be kept. */
  get pinned(): Pinned {
    return pinnedIn([...this.#starts.values()]);
  }

  #requireOwn({ arm, lastToucher, noted, spins }: CountedVisit): void {
    const { arms, actors, measures } = this.#head;
    if (arm >= arms.length) throw new RangeError(`there is no arm ${arm}`);
    if (lastToucher >= actors.length) throw new RangeError(`there is no actor ${lastToucher}`);
    if (noted.length !== measures.length || spins.length !== actors.length) {
      throw new RangeError('a visit is of another scenario');
    }
  }
}

function keyOf({ arm, lastToucher, offsetNs }: VisitPlace): string {
  return `${arm} ${lastToucher} ${offsetNs}`;
}
