import { setTimeout } from 'node:timers/promises';
import { Prng } from '../../stats/prng.ts';
import { describeEnvironment } from '../host/environment.ts';
import { readTopology, type TopologySources } from '../host/read-topology.ts';
import type { Topology } from '../topology/topology.ts';
import {
  classesOf,
  type CpusResult,
  type MeasuredPair,
  type PairResult,
  roundTripOf,
} from './cpus-result.ts';
import { pairsToMeasure, type ProcessorPair, roundsOf } from './pair-plan.ts';
import { PingPair } from './ping-pair.ts';

/** Of the order of visits, and of the choice of pairs: neither is a part of what is measured. */
const SEED = 1;
/** Visits where the threads cannot be kept on processors. */
const VISITS_ANYWHERE = 40;

/** In which this process is told of Ctrl-C, once one that it has started has ended of it. */
const INTERRUPT_MS = 50;

/** No further round of visits begins after so long, however busy the host is. */
const LAST_ROUND_MS = 20_000;

/** How far it is. */
export interface CpusProgress {
  readonly done: number;
  readonly total: number;
  readonly leftMs: number;
}

/** What is to be measured, and who is told. */
export interface CpusOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: CpusProgress) => void) | undefined;
  /** Where the topology is read from. @default this machine */
  readonly sources?: TopologySources | undefined;
}

/** The processors, how they lie, and what a round trip between each two of them takes. */
export async function runCpus(options: CpusOptions): Promise<CpusResult> {
  const startedAt = performance.now();
  const topology = await readTopology(options.sources);
  const { processors } = topology;
  const prng = new Prng(SEED);
  const pairs = pairsToMeasure(processors, prng);
  const trips = new Map<ProcessorPair, number[]>(pairs.map((pair) => [pair, []]));
  const visited = pairs.length === 0 ? NOTHING : await visitAll(trips, prng, options);
  const tripsOfPairs = pairs.map((pair) => trips.get(pair) ?? []);
  const measured = pairs.map(({ a, b, distance }, index): MeasuredPair => ({
    a,
    b,
    distance,
    tripsNs: tripsOfPairs[index] ?? [],
  }));
  return {
    schema: 'ebtorture.cpus/1',
    environment: await describeEnvironment([], null),
    topology,
    pairsInAll: (processors.length * (processors.length - 1)) / 2,
    pairs: measured.map(({ a, b, distance, tripsNs }): PairResult => ({
      a,
      b,
      distance,
      visits: tripsNs.length,
      roundTrip: roundTripOf(tripsNs),
    })),
    classes: classesOf(measured),
    anywhere: roundTripOf(visited.anywhere),
    notes: notesOf(topology, visited),
    elapsedMs: Math.round(performance.now() - startedAt),
    isInterrupted: options.signal.aborted,
  };
}

/** What else the visits have shown. */
interface Visited {
  /** Round trips where the system has put the threads. */
  readonly anywhere: readonly number[];
  /** Why threads cannot be kept on processors, in words for a sentence; null if they can. */
  readonly failed: string | null;
  /** Visits that do not count, since a thread was elsewhere, or did not answer. */
  readonly elsewhere: number;
  readonly silent: number;
}

const NOTHING: Visited = { anywhere: [], failed: null, elsewhere: 0, silent: 0 };

async function visitAll(
  trips: ReadonlyMap<ProcessorPair, number[]>,
  prng: Prng,
  { signal, onProgress }: CpusOptions,
): Promise<Visited> {
  const threads = new PingPair();
  try {
    await threads.started();
    const pairs = [...trips.keys()];
    const rounds = roundsOf(pairs.length);
    const total = rounds * pairs.length;
    const startedAt = performance.now();
    const counts = { elsewhere: 0, silent: 0 };
    for (let done = 0; done < total && !signal.aborted; done++) {
      if (done % pairs.length === 0) {
        if (done > 0 && performance.now() - startedAt > LAST_ROUND_MS) break;
        prng.shuffle(pairs);
      }
      const pair = pairs[done % pairs.length];
      if (pair === undefined) break;
      const failed = await moved(threads, pair, signal);
      if (signal.aborted) break;
      if (failed !== null) {
        const isNone = [...trips.values()].every(({ length }) => length === 0);
        return { ...counts, failed, anywhere: isNone ? await visitAnywhere(threads, signal) : [] };
      }
      const ns = await threads.visit();
      const places = threads.places();
      if (places !== undefined && (places[0] !== pair.a || places[1] !== pair.b)) counts.elsewhere++;
      else if (ns === null) counts.silent++;
      else trips.get(pair)?.push(ns);
      const leftMs = ((performance.now() - startedAt) * (total - done - 1)) / (done + 1);
      onProgress?.({ done: done + 1, total, leftMs });
    }
    return { ...counts, failed: null, anywhere: [] };
  } finally {
    await threads.end();
  }
}

/** Keeps the threads on a pair; why they cannot be, or null. */
async function moved(
  threads: PingPair,
  { a, b }: ProcessorPair,
  signal: AbortSignal,
): Promise<string | null> {
  const failed = await threads.move([a, b]);
  if (failed === null) return null;
  // Ctrl-C ends what was to move them as well, and perhaps before this process is told.
  await setTimeout(INTERRUPT_MS);
  return signal.aborted ? failed : threads.move([a, b]);
}

async function visitAnywhere(threads: PingPair, signal: AbortSignal): Promise<readonly number[]> {
  const trips: number[] = [];
  for (let visit = 0; visit < VISITS_ANYWHERE && !signal.aborted; visit++) {
    const ns = await threads.visit();
    if (ns !== null) trips.push(ns);
  }
  return trips;
}

function notesOf(
  { processors, unknown }: Topology,
  { anywhere, failed, elsewhere, silent }: Visited,
): string[] {
  return [
    ...unknown,
    ...(processors.length === 1 ? ['One processor: there is nothing to go to and come back from.'] : []),
    ...(failed === null
      ? []
      : anywhere.length > 0
        ? [`No pair was measured, as ${failed}: the threads ran wherever the system put them.`]
        : [`Pairs were not visited, as ${failed}.`]),
    ...(elsewhere === 0
      ? []
      : [`Visits that do not count, as the system had a thread elsewhere: ${elsewhere}.`]),
    ...(silent === 0
      ? []
      : [
          `Visits that do not count, as the threads did not run at the same time: ${silent}; the host is busy.`,
        ]),
  ];
}
