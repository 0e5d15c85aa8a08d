import { allowedProcessors, procText } from './proc.ts';
import type { HostConditions } from '../plan/block-result.ts';

/** A reading of the system's counters. */
interface Reading {
  readonly ms: number;
  /** CPU time of this process in ms. */
  readonly ownMs: number;
  /** Of the processors that this process may use, in ticks of any length; null if unknown. */
  readonly processors: {
    readonly count: number;
    readonly busy: number;
    readonly stolen: number;
    readonly ticks: number;
  } | null;
  /** By thread: voluntary and involuntary context switches; null if unknown. */
  readonly switches: readonly (readonly [number, number])[] | null;
}

/** Where readings come from; replaced in tests. */
export interface HostSource {
  /** A file of /proc, undefined where there is none. */
  readonly text: (path: string) => string | undefined;
  /** Wall clock in ms. */
  readonly now: () => number;
  /** CPU time of this process so far in ms. */
  readonly ownMs: () => number;
}

const procSource: HostSource = {
  text: procText,
  now: () => performance.now(),
  ownMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/**
 * What the host did to a block: context switches of its threads, time that the hypervisor gave to other machines, time
 * that other processes took. The main thread reads Linux' counters before and after the block, while the actors
 * sleep; elsewhere there is nothing to read.
 *
 * The kernel counts processor time in ticks of 10 ms, so that a block of 200 ms knows its steal and the others' load to
 * a few percent only; a mean over a run's blocks knows them well.
 */
export class HostWatch {
  #threads: readonly number[] = [];
  readonly #source: HostSource;
  readonly #processors: ReadonlySet<number> | undefined;
  #before: Reading | undefined;

  constructor(source: HostSource = procSource) {
    this.#source = source;
    this.#processors = allowedProcessors(source.text);
  }

  /** A block begins; `threads` are the system's numbers of those whose switches it is to tell, 0 for one that is not known. */
  begin(threads: readonly number[]): void {
    this.#threads = threads;
    this.#before = this.#reading();
  }

  /** A block has ended: what happened since `begin`, null if the system does not tell anything. */
  end(): HostConditions | null {
    const before = this.#before;
    if (before === undefined) return null;
    const after = this.#reading();
    const switches = switchesBetween(before, after);
    const load = loadBetween(before, after);
    if (switches === null && load === null) return null;
    return {
      preemptions: switches?.map(([, involuntary]) => involuntary) ?? null,
      sleeps: switches?.map(([voluntary]) => voluntary) ?? null,
      steal: load?.steal ?? null,
      othersBusy: load?.othersBusy ?? null,
    };
  }

  #reading(): Reading {
    return {
      ms: this.#source.now(),
      ownMs: this.#source.ownMs(),
      processors: this.#ticks(),
      switches: this.#switches(),
    };
  }

  #ticks(): Reading['processors'] {
    const text = this.#source.text('/proc/stat');
    const processors = this.#processors;
    if (text === undefined || processors === undefined) return null;
    let busy = 0;
    let stolen = 0;
    let ticks = 0;
    for (const [, processor, counts = ''] of text.matchAll(/^cpu(\d+) (.*)$/gm)) {
      if (!processors.has(Number(processor))) continue;
      // Time of guests is counted in `user` already.
      const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softIrq = 0, steal = 0] = counts
        .split(' ')
        .map(Number);
      busy += user + nice + system + irq + softIrq;
      stolen += steal;
      ticks += user + nice + system + irq + softIrq + idle + waiting + steal;
    }
    return { count: processors.size, busy, stolen, ticks };
  }

  #switches(): Reading['switches'] {
    const switches: (readonly [number, number])[] = [];
    for (const thread of this.#threads) {
      const text = thread === 0 ? undefined : this.#source.text(`/proc/self/task/${thread}/status`);
      const voluntary = /^voluntary_ctxt_switches:\s*(\d+)$/m.exec(text ?? '')?.[1];
      const involuntary = /^nonvoluntary_ctxt_switches:\s*(\d+)$/m.exec(text ?? '')?.[1];
      if (voluntary === undefined || involuntary === undefined) return null;
      switches.push([Number(voluntary), Number(involuntary)]);
    }
    return switches;
  }
}

function switchesBetween(before: Reading, after: Reading): (readonly [number, number])[] | null {
  const old = before.switches;
  if (old === null || after.switches === null) return null;
  return after.switches.map(
    ([voluntary, involuntary], index) =>
      [voluntary - (old[index]?.[0] ?? 0), involuntary - (old[index]?.[1] ?? 0)] as const,
  );
}

/** Share of the processors' time that was stolen, and how many processors' time other processes took. */
function loadBetween(
  before: Reading,
  after: Reading,
): { readonly steal: number; readonly othersBusy: number } | null {
  const { processors } = after;
  const old = before.processors;
  const ms = after.ms - before.ms;
  if (old === null || processors === null || processors.ticks <= old.ticks || ms <= 0) return null;
  const ticks = processors.ticks - old.ticks;
  const busy = ((processors.busy - old.busy) / ticks) * processors.count;
  const own = (after.ownMs - before.ownMs) / ms;
  return { steal: (processors.stolen - old.stolen) / ticks, othersBusy: Math.max(0, busy - own) };
}
