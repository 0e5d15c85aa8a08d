import type { Prng } from '../../src/stats/prng.ts';
import type { Processor, Topology } from '../../src/stress/topology/topology.ts';

/** One of the items. */
function pick<T>(prng: Prng, items: readonly [T, ...T[]]): T {
  return items[prng.nextBelow(items.length)] ?? items[0];
}

/** Processors at most: more of the same say nothing new. */
const PROCESSORS_MAX = 48;

/** A machine that might be, seen by a process that may use some of it: levels that nest, some of them not known. */
export function randomTopology(prng: Prng): Topology {
  const packages = pick(prng, [1, 1, 2, 4]);
  const nodes = pick(prng, [1, 1, 2, 3]);
  const caches = pick(prng, [1, 2, 4]);
  const modules = pick(prng, [1, 2, 3]);
  const cores = pick(prng, [1, 1, 1, 2, 4]);
  const threads = pick(prng, [1, 2, 2, 4]);
  const known = { core: 8, l2: 6, l3: 6, package: 8, node: 6 };
  const isKnown = Object.fromEntries(
    Object.entries(known).map(([level, share]) => [level, prng.nextBelow(share) > 0]),
  );
  const isHybrid = prng.nextBelow(5) === 0;
  const found: Omit<Processor, 'number' | 'siblings'>[] = [];
  const count = { node: 0, l3: 0, l2: 0, core: 0 };
  for (let chip = 0; chip < packages; chip++) {
    for (let node = 0; node < nodes; node++, count.node++) {
      for (let cache = 0; cache < caches; cache++, count.l3++) {
        for (let module = 0; module < modules; module++, count.l2++) {
          for (let core = 0; core < cores; core++, count.core++) {
            const isSlow = isHybrid && module === 1;
            for (let thread = 0; thread < (isSlow ? 1 : threads); thread++) {
              found.push({
                core: isKnown['core'] === true ? count.core : null,
                l2: isKnown['l2'] === true ? count.l2 : null,
                l3: isKnown['l3'] === true ? count.l3 : null,
                die: null,
                package: isKnown['package'] === true ? chip : null,
                node: isKnown['node'] === true ? count.node : null,
                capacity: isHybrid ? (isSlow ? 500 : 1024) : null,
                coreType: null,
              });
            }
          }
        }
      }
    }
  }
  // Some of them, anywhere in the machine.
  if (prng.nextBelow(2) === 0 || found.length > 4 * PROCESSORS_MAX) prng.shuffle(found);
  return seenByProcess(prng, found.slice(0, PROCESSORS_MAX));
}

/** Takes processors away: those offline, and those of others. */
function seenByProcess(prng: Prng, found: readonly Omit<Processor, 'number' | 'siblings'>[]): Topology {
  const online = found.map((_, number) => number).filter(() => prng.nextBelow(12) > 0);
  const numbers = online.length === 0 ? [0] : online;
  const keep = pick(prng, [1, 1, 1, 0.5, 0.1]);
  const allowed = numbers.filter(() => prng.nextFloat() < keep);
  const isAllowed = new Set(allowed.length === 0 ? numbers.slice(0, 1) : allowed);
  const processors = numbers.flatMap((number): Processor[] => {
    const levels = found[number];
    if (levels === undefined || !isAllowed.has(number)) return [];
    const siblings = numbers.filter((other) => other !== number && found[other]?.core === levels.core);
    return [{ number, ...levels, siblings: levels.core === null ? null : siblings }];
  });
  return {
    processors,
    onlineCount: numbers.length,
    offline: found.map((_, number) => number).filter((number) => !numbers.includes(number)),
    quota: pick(prng, [null, null, null, 0.5, 2.5, processors.length / 2]),
    knownFrom: 'sysfs',
    unknown: [],
  };
}
