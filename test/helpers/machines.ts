/**
 * Recorded machines: the files of /sys and /proc from which a topology is read, as the kernel lays them out, made of a short
 * description. Only those that lscpu and src/stress/host read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SystemText } from '../../src/stress/host/proc.ts';
import { rangesText } from '../../src/stress/topology/placement-text.ts';

/** A processor: what it lies in, by numbers that are unique in the machine. */
export interface MachineProcessor {
  readonly core: number;
  readonly l2?: number;
  readonly l3?: number;
  readonly die?: number;
  readonly package: number;
  readonly node?: number;
  readonly capacity?: number;
  readonly maxKHz?: number;
  /** MIDR_EL1 of arm64. */
  readonly midr?: string;
}

/** A machine, and the process on it. */
export interface Machine {
  readonly title: string;
  readonly processors: readonly MachineProcessor[];
  readonly offline?: readonly number[];
  /** Of the process; all by default. */
  readonly allowed?: readonly number[];
  /** Processors' worth of time. */
  readonly quota?: number;
  /** Whether the quota is one of the first version of control groups. */
  readonly isFirstVersion?: boolean;
  readonly isSysUnreadable?: boolean;
}

const CPU = '/sys/devices/system/cpu';

/** The files of a machine, by path. */
export function machineFiles(machine: Machine): ReadonlyMap<string, string> {
  const { processors, offline = [], isSysUnreadable = false } = machine;
  const all = processors.map((_, number) => number);
  const online = all.filter((number) => !offline.includes(number));
  const files = new Map<string, string>([
    ['/proc/cpuinfo', online.map(cpuInfo).join('')],
    ['/proc/self/status', `Name:\tnode\nCpus_allowed_list:\t${rangesText(machine.allowed ?? all)}\n`],
    ...quotaFiles(machine),
  ]);
  if (isSysUnreadable) return files;
  for (const name of ['possible', 'present']) files.set(`${CPU}/${name}`, `${rangesText(all)}\n`);
  files.set(`${CPU}/online`, `${rangesText(online)}\n`);
  files.set(`${CPU}/offline`, `${rangesText(offline)}\n`);
  files.set(`${CPU}/kernel_max`, '8191\n');
  for (const number of all) addProcessor(files, machine, { number, online });
  addNodes(files, machine, online);
  return files;
}

/** What /proc/cpuinfo has of a processor: lscpu takes none for one without a model. */
function cpuInfo(number: number): string {
  return `processor\t: ${number}\nvendor_id\t: Recorded\ncpu family\t: 6\nmodel\t\t: 1\nmodel name\t: Recorded\n\n`;
}

/** Reads of those files, as `procText` does of the real ones. */
export function machineText(files: ReadonlyMap<string, string>): SystemText {
  return (path) => files.get(path);
}

/** Writes the files below a folder that is its own, such as lscpu --sysroot takes. */
export function writeMachine(files: ReadonlyMap<string, string>): {
  readonly folder: string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'ebtorture-machine-'));
  const made = new Set<string>();
  for (const [path, content] of files) {
    const inside = dirname(join(folder, path));
    if (!made.has(inside)) mkdirSync(inside, { recursive: true });
    made.add(inside);
    writeFileSync(join(folder, path), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function addProcessor(
  files: Map<string, string>,
  { processors }: Machine,
  { number, online }: { readonly number: number; readonly online: readonly number[] },
): void {
  const cpu = `${CPU}/cpu${number}`;
  const self = processors[number];
  if (self === undefined) return;
  files.set(`${cpu}/uevent`, '');
  if (number > 0) files.set(`${cpu}/online`, online.includes(number) ? '1\n' : '0\n');
  if (self.midr !== undefined) files.set(`${cpu}/regs/identification/midr_el1`, `${self.midr}\n`);
  // The kernel takes all this away from one that is offline.
  if (!online.includes(number)) return;
  const sharing = (level: 'core' | 'l2' | 'l3' | 'die' | 'package'): readonly number[] =>
    online.filter((other) => processors[other]?.[level] === self[level]);
  const group = (names: readonly string[], numbers: readonly number[]): void => {
    for (const name of names) {
      files.set(`${cpu}/topology/${name}_list`, `${rangesText(numbers)}\n`);
      files.set(`${cpu}/topology/${name}`, `${mask(numbers)}\n`);
    }
  };
  files.set(`${cpu}/topology/core_id`, `${self.core}\n`);
  files.set(`${cpu}/topology/physical_package_id`, `${self.package}\n`);
  group(['core_cpus', 'thread_siblings'], sharing('core'));
  group(['package_cpus', 'core_siblings'], sharing('package'));
  if (self.die !== undefined) {
    files.set(`${cpu}/topology/die_id`, `${self.die}\n`);
    group(['die_cpus'], sharing('die'));
  }
  if (self.capacity !== undefined) files.set(`${cpu}/cpu_capacity`, `${self.capacity}\n`);
  if (self.maxKHz !== undefined) files.set(`${cpu}/cpufreq/cpuinfo_max_freq`, `${self.maxKHz}\n`);
  const caches = [
    { level: 1, type: 'Data', of: sharing('core') },
    { level: 1, type: 'Instruction', of: sharing('core') },
    { level: 2, type: 'Unified', of: sharing('l2') },
    { level: 3, type: 'Unified', of: sharing('l3') },
  ].filter(({ level }) => (level === 3 ? self.l3 : self.l2) !== undefined);
  for (const [index, { level, type, of }] of caches.entries()) {
    const cache = `${cpu}/cache/index${index}`;
    files.set(`${cache}/level`, `${level}\n`);
    files.set(`${cache}/type`, `${type}\n`);
    files.set(`${cache}/size`, `${32 * 8 ** (level - 1)}K\n`);
    files.set(`${cache}/shared_cpu_list`, `${rangesText(of)}\n`);
    files.set(`${cache}/shared_cpu_map`, `${mask(of)}\n`);
  }
}

function addNodes(files: Map<string, string>, { processors }: Machine, online: readonly number[]): void {
  const nodes = [...new Set(processors.flatMap(({ node }) => node ?? []))].toSorted((a, b) => a - b);
  if (nodes.length === 0) return;
  files.set('/sys/devices/system/node/online', `${rangesText(nodes)}\n`);
  for (const node of nodes) {
    const numbers = online.filter((number) => processors[number]?.node === node);
    files.set(`/sys/devices/system/node/node${node}/cpulist`, `${rangesText(numbers)}\n`);
    files.set(`/sys/devices/system/node/node${node}/cpumap`, `${mask(numbers)}\n`);
  }
}

function quotaFiles({ quota, isFirstVersion }: Machine): [string, string][] {
  if (quota === undefined) return [];
  if (isFirstVersion === true) {
    const group = '/sys/fs/cgroup/cpu,cpuacct/docker/c0ffee';
    return [
      ['/proc/self/cgroup', '4:cpu,cpuacct:/docker/c0ffee\n'],
      ['/proc/self/mountinfo', '31 23 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n'],
      [`${group}/cpu.cfs_quota_us`, `${quota * 100_000}\n`],
      [`${group}/cpu.cfs_period_us`, '100000\n'],
    ];
  }
  return [
    ['/proc/self/cgroup', '0::/\n'],
    ['/proc/self/mountinfo', '31 23 0:28 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate\n'],
    ['/sys/fs/cgroup/cpu.max', `${quota * 100_000} 100000\n`],
  ];
}

/** Numbers as the kernel prints a mask: words of 32 bits in hexadecimal digits, the highest first. */
function mask(numbers: readonly number[]): string {
  const words = Array.from({ length: Math.floor(Math.max(0, ...numbers) / 32) + 1 }, () => 0n);
  for (const number of numbers) {
    const word = Math.floor(number / 32);
    words[word] = (words[word] ?? 0n) | (1n << BigInt(number % 32));
  }
  return words
    .toReversed()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join(',');
}

/** `count` processors. */
function each(count: number, processor: (number: number) => MachineProcessor): readonly MachineProcessor[] {
  return Array.from({ length: count }, (_, number) => processor(number));
}

/** One chip of so many cores with two threads each, and a third-level cache for every eight of them. */
function twoThreadsEach(cores: number): readonly MachineProcessor[] {
  return each(2 * cores, (number) => {
    const core = number % cores;
    return { core, l2: core, l3: Math.floor(core / 8), die: 0, package: 0, node: 0 };
  });
}

const DESKTOP = twoThreadsEach(8);
const A53 = '0x00000000410fd034';
const A72 = '0x00000000410fd082';

/** The machines that plans are looked at for. */
export const machines: Readonly<Record<string, Machine>> = {
  'guest-2': {
    title: 'a guest with 2 processors that is told of no caches',
    processors: each(2, (number) => ({ core: number, die: 0, package: 0, node: 0 })),
  },
  'desktop-8x2': { title: '8 cores with 2 threads each, one third-level cache', processors: DESKTOP },
  'server-64x2': {
    title: '64 cores with 2 threads each, a third-level cache for 8 cores',
    processors: twoThreadsEach(64),
  },
  'sub-numa-2x24x2': {
    title: '2 packages of 24 cores with 2 threads each, 2 NUMA nodes in each package',
    processors: each(96, (number) => {
      const core = number % 48;
      const chip = Math.floor(core / 24);
      return { core, l2: core, l3: chip, die: chip, package: chip, node: Math.floor(core / 12) };
    }),
  },
  'big-little-4-2': {
    title: 'arm64 with 4 slow and 2 fast cores, a second-level cache for each kind',
    processors: each(6, (number) => ({
      core: number,
      l2: number < 4 ? 0 : 1,
      package: 0,
      capacity: number < 4 ? 485 : 1024,
      midr: number < 4 ? A53 : A72,
    })),
  },
  'arm-128': {
    title: 'arm64 with 128 cores of one thread, no third-level cache',
    processors: each(128, (number) => ({ core: number, l2: number, package: 0, node: 0 })),
  },
  'container-3': {
    title: 'a container with 3 of 64 processors and a quota of 2.5',
    processors: twoThreadsEach(32),
    allowed: [5, 6, 37],
    quota: 2.5,
  },
  'offline-9': {
    title: '8 cores with their second threads and a core offline',
    processors: DESKTOP,
    offline: [3, 8, 9, 10, 11, 12, 13, 14, 15],
  },
  'unreadable-sys': {
    title: '4 processors, and a /sys that cannot be read',
    processors: each(4, (number) => ({ core: number, package: 0 })),
    isSysUnreadable: true,
  },
};
