import { availableParallelism } from 'node:os';
import type { Processor, Topology } from '../topology/topology.ts';
import { cpuQuota } from './cgroup-quota.ts';
import { type Layout, numbered, type NumberedRow } from './layout-rows.ts';
import { askLscpu, type LscpuAnswer } from './lscpu.ts';
import { allowedProcessors, procText, type SystemText } from './proc.ts';
import {
  offlineProcessors,
  onlineProcessors,
  type ProcessorKind,
  processorKind,
  sysfsLayout,
} from './sysfs.ts';

/** Where a topology is read from. */
export interface TopologySources {
  /** @default the files of this machine */
  readonly text?: SystemText | undefined;
  /** @default `lscpu` of this machine */
  readonly lscpu?: (() => Promise<LscpuAnswer>) | undefined;
  /** Processors that Node counts, where the system does not number them. */
  readonly processorCount?: number | undefined;
}

/** The largest capacity, as the kernel has it. */
const CAPACITY_MAX = 1024;

/** The processors that this process may use, and how they lie. Never fails: what cannot be read is not known, and the result says so. */
export async function readTopology(sources: TopologySources = {}): Promise<Topology> {
  const { text = procText, lscpu = askLscpu, processorCount = availableParallelism() } = sources;
  const online = onlineProcessors(text);
  const numbers = usable(allowedProcessors(text), online, processorCount);
  const answer = await lscpu();
  const asked = answer.kind === 'layout' ? covering(answer.layout, numbers) : undefined;
  const layout = asked ?? sysfsLayout(text);
  const rows = layout === undefined ? new Map<number, NumberedRow>() : numbered(layout);
  const processors = processorsOf(numbers, rows, text);
  const known =
    asked !== undefined
      ? ('lscpu' as const)
      : layout !== undefined
        ? ('sysfs' as const)
        : ('nothing' as const);
  return {
    processors,
    onlineCount: online?.length ?? null,
    offline: offlineProcessors(text) ?? null,
    quota: cpuQuota(text),
    knownFrom: known,
    unknown: [
      ...(answer.kind === 'failed' ? [lscpuText(answer.reason, known)] : []),
      ...unknownOf(processors),
    ],
  };
}

/** The numbers of the processors that can be used: never none. */
function usable(
  allowed: ReadonlySet<number> | undefined,
  online: readonly number[] | undefined,
  count: number,
): readonly number[] {
  const both = [...(allowed ?? online ?? [])].filter((number) => online?.includes(number) !== false);
  if (both.length > 0) return both.toSorted((a, b) => a - b);
  return Array.from({ length: Math.max(1, count) }, (_, number) => number);
}

/** A layout that tells of every one of these. */
function covering(layout: Layout, numbers: readonly number[]): Layout | undefined {
  return numbers.every((number) => layout.has(number)) ? layout : undefined;
}

function processorsOf(
  numbers: readonly number[],
  rows: ReadonlyMap<number, NumberedRow>,
  text: SystemText,
): Processor[] {
  const kinds = new Map(numbers.map((number) => [number, processorKind(text, number)]));
  const online = [...new Set([...rows.keys(), ...numbers])].toSorted((a, b) => a - b);
  const dies = diesOf(online, text);
  const fastest = Math.max(0, ...[...kinds.values()].map(({ speed }) => speed ?? 0));
  const types = new Set([...kinds.values()].map(({ coreType }) => coreType));
  return numbers.map((number): Processor => {
    const row = rows.get(number);
    const kind = kinds.get(number);
    return {
      number,
      core: row?.core ?? null,
      l2: row?.l2 ?? null,
      l3: row?.l3 ?? null,
      die: dies.get(number) ?? null,
      package: row?.package ?? null,
      node: row?.node ?? null,
      siblings: siblingsOf(number, rows),
      capacity: capacityOf(kind, fastest),
      coreType: types.size > 1 ? (kind?.coreType ?? null) : null,
    };
  });
}

/** By processor, the number of its die: counted like what `numbered` counts. */
function diesOf(online: readonly number[], text: SystemText): ReadonlyMap<number, number> {
  const names = new Map<string, number>();
  const dies = new Map<number, number>();
  for (const number of online) {
    const { die } = processorKind(text, number);
    if (die === null) continue;
    const found = names.get(die) ?? names.size;
    names.set(die, found);
    dies.set(number, found);
  }
  return dies;
}

function siblingsOf(number: number, rows: ReadonlyMap<number, NumberedRow>): readonly number[] | null {
  const core = rows.get(number)?.core ?? null;
  if (core === null) return null;
  return [...rows].filter(([other, row]) => other !== number && row.core === core).map(([other]) => other);
}

function capacityOf(kind: ProcessorKind | undefined, fastest: number): number | null {
  return kind === undefined || kind.speed === null ? null : Math.round((kind.speed * CAPACITY_MAX) / fastest);
}

function lscpuText(reason: string, known: Topology['knownFrom']): string {
  return known === 'sysfs' ? `${reason}; /sys tells how the processors lie.` : `${reason}.`;
}

/** What levels the system says nothing about. */
function unknownOf(processors: readonly Processor[]): string[] {
  const levels = [
    ['core', 'which processors are threads of one core'],
    ['l2', 'which share a second-level cache'],
    ['l3', 'which share a third-level cache'],
    ['package', 'in which package each lies'],
    ['node', 'in which NUMA node each lies'],
  ] as const;
  const missing = levels.filter(([level]) => processors.some((processor) => processor[level] === null));
  if (missing.length === 0) return [];
  if (missing.length === levels.length) return ['How the processors lie is not known.'];
  return [`Not known: ${missing.map(([, what]) => what).join('; ')}.`];
}
