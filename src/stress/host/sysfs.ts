/** What /sys says of processors: Documentation/ABI/stable/sysfs-devices-system-cpu, and Documentation/admin-guide/cputopology.rst. */
import type { Layout, LayoutRow } from './layout-rows.ts';
import { listedProcessors, type SystemText } from './proc.ts';

const CPU = '/sys/devices/system/cpu';
const NODE = '/sys/devices/system/node';
/** Caches of a processor at most: two of the first level, one of each other. */
const CACHES_MAX = 8;

/** Numbers of the processors that are online; undefined where the system does not tell. */
export function onlineProcessors(text: SystemText): readonly number[] | undefined {
  const list = text(`${CPU}/online`);
  return list === undefined ? undefined : listedProcessors(list);
}

/** Numbers of those that are there and offline; undefined where the system does not tell. */
export function offlineProcessors(text: SystemText): readonly number[] | undefined {
  const present = text(`${CPU}/present`);
  const online = onlineProcessors(text);
  if (present === undefined || online === undefined) return undefined;
  return listedProcessors(present).filter((number) => !online.includes(number));
}

/** How the online processors lie; undefined where nothing can be read. */
export function sysfsLayout(text: SystemText): Layout | undefined {
  const online = onlineProcessors(text);
  if (online === undefined) return undefined;
  const nodes = nodesOf(text);
  const layout = new Map(
    online.map((number): [number, LayoutRow] => {
      const topology = `${CPU}/cpu${number}/topology`;
      return [
        number,
        {
          core: coreOf(text, number),
          package: groupOf(text, [`${topology}/package_cpus_list`, `${topology}/core_siblings_list`]),
          ...cachesOf(text, number),
          node: nodes.get(number) ?? null,
        },
      ];
    }),
  );
  const isKnown = [...layout.values()].some((row) => Object.values(row).some((value) => value !== null));
  return isKnown ? layout : undefined;
}

/** How many cores some processors lie on; null where the system does not tell of one of them. */
export function coreCountOf(text: SystemText, numbers: readonly number[]): number | null {
  const cores = new Set(numbers.map((number) => coreOf(text, number)));
  return cores.has(null) ? null : cores.size;
}

function coreOf(text: SystemText, number: number): string | null {
  const topology = `${CPU}/cpu${number}/topology`;
  return groupOf(text, [`${topology}/core_cpus_list`, `${topology}/thread_siblings_list`]);
}

/** What of a processor only /sys tells. */
export interface ProcessorKind {
  /** The processors of its die, which are its name. */
  readonly die: string | null;
  /** In 1,024ths of the fastest, or else in kHz: to be compared with those of others only. */
  readonly speed: number | null;
  readonly coreType: string | null;
}

/** What kind of processor one is. */
export function processorKind(text: SystemText, number: number): ProcessorKind {
  const cpu = `${CPU}/cpu${number}`;
  return {
    die: groupOf(text, [`${cpu}/topology/die_cpus_list`]),
    speed: numberIn(text(`${cpu}/cpu_capacity`)) ?? numberIn(text(`${cpu}/cpufreq/cpuinfo_max_freq`)),
    coreType: coreTypeOf(text, number),
  };
}

/** The name of a group is the list of its processors, as the kernel prints it. */
function groupOf(text: SystemText, paths: readonly string[]): string | null {
  for (const path of paths) {
    const list = text(path)?.trim();
    if (list !== undefined && list !== '') return list;
  }
  return null;
}

function cachesOf(text: SystemText, number: number): Pick<LayoutRow, 'l2' | 'l3'> {
  const found = new Map<string, string>();
  for (let index = 0; index < CACHES_MAX; index++) {
    const cache = `${CPU}/cpu${number}/cache/index${index}`;
    const level = text(`${cache}/level`)?.trim();
    if (level === undefined) break;
    const shared = groupOf(text, [`${cache}/shared_cpu_list`]);
    if (shared !== null && text(`${cache}/type`)?.trim() !== 'Instruction') found.set(level, shared);
  }
  return { l2: found.get('2') ?? null, l3: found.get('3') ?? null };
}

/** By processor, its NUMA node. */
function nodesOf(text: SystemText): ReadonlyMap<number, number> {
  const online = text(`${NODE}/online`);
  const nodes = new Map<number, number>();
  for (const node of online === undefined ? [] : listedProcessors(online)) {
    for (const number of listedProcessors(text(`${NODE}/node${node}/cpulist`) ?? '')) nodes.set(number, node);
  }
  return nodes;
}

function coreTypeOf(text: SystemText, number: number): string | null {
  // The two kinds of Intel's hybrid processors, as the kernel names their performance counters.
  for (const [file, name] of [
    ['cpu_core', 'performance'],
    ['cpu_atom', 'efficiency'],
  ] as const) {
    const list = text(`/sys/devices/${file}/cpus`);
    if (list !== undefined && listedProcessors(list).includes(number)) return name;
  }
  const midr = text(`${CPU}/cpu${number}/regs/identification/midr_el1`)?.trim();
  if (midr === undefined || !/^0x[\da-f]+$/i.test(midr)) return null;
  // Arm Architecture Reference Manual, MIDR_EL1: the implementer, and the number it gives its parts.
  const register = BigInt(midr);
  const implementer = (register >> 24n) & 0xffn;
  const part = (register >> 4n) & 0xfffn;
  return `part 0x${part.toString(16).padStart(3, '0')} of implementer 0x${implementer.toString(16).padStart(2, '0')}`;
}

function numberIn(text: string | undefined): number | null {
  const value = Number(text?.trim() || Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}
