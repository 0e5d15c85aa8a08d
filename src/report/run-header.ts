import type { Shard } from '../stats/shard.ts';
import type { Environment } from '../stress/host/machine-facts.ts';
import type { ArmResult, CompareResult, RunConfig, StressResult } from '../stress/result/result.ts';
import type { Tuning } from '../stress/result/tuning-result.ts';
import { wordsIn } from '../catalog/words.ts';
import { bytes, counted, elapsed, grouped, percent, short, UNKNOWN } from './number.ts';
import { orderingFact } from './ordering-text.ts';
import { paceOf, paceText } from './pace-text.ts';
import { pagesPart } from './pages-text.ts';
import { placesText } from './places-text.ts';
import { wrapped } from './wrap.ts';
import { scenarioText } from './scenario-text.ts';

/** The result of a run on hardware. */
export type RunResult = CompareResult | StressResult;

const KEY_COLUMNS = 11;

/** Whether starts had several placements, so that what is said of all of them together holds for none. */
export function isMixed({ classes = [] }: Pick<RunResult, 'classes'>): boolean {
  return classes.length > 1;
}

/** What was run, where, and with which seed. */
export function runHeader(result: RunResult): string[] {
  const { environment, config, places = [] } = result;
  const commit = environment.commit === null ? '' : ` (commit ${environment.commit})`;
  const roundTrip = isMixed(result)
    ? 'round trip by placement'
    : environment.roundTripNs === null
      ? 'round trip not measured'
      : `round trip ${short(environment.roundTripNs)} ns`;
  const pinned = places.length === 0 ? pinnedText(environment) : '';
  const pages = pagesPart(config.pages, wordsIn(result).pagesAre);
  const facts: readonly (readonly [string, string])[] = [
    ['scenario', `${scenarioText(config)}, start ${config.start}${pages}`],
    ...(config.ordering === undefined ? [] : [['ordering', orderingFact(config.ordering)] as const]),
    ['actors', [config.actors, ...failuresText(config)].join('; ')],
    ['machine', `${environment.cpuModel}, ${processors(environment)}${pinned}, ${roundTrip}`],
    ...placesText(places, environment.pinnedTo !== null).map((text) => ['places', text] as const),
    ...loadFact(environment),
    [
      'runtime',
      `Node ${environment.node}, V8 ${environment.v8} (${jitText(environment.jit)}), ${environment.platform} ${environment.arch}`,
    ],
    ['worlds', worldsText(result)],
    ['length', lengthText(result)],
    ['seed', String(config.seed)],
    ...(config.shard === undefined ? [] : [['shard', shardFact(config.shard)] as const]),
    ['rates', ratesText(config, result.tuning)],
  ];
  const command = result.schema === 'ebtorture.compare/1' ? 'compare' : 'stress';
  return [
    ...wrapped(`ebtorture ${environment.version} ${command}${commit}`),
    ...facts.flatMap(([key, text]) => wrapped(text, { prefix: `  ${key}`.padEnd(KEY_COLUMNS + 2) })),
  ];
}

/** It is a run by itself, and a part of a larger one. */
function shardFact({ index, of }: Shard): string {
  return `${index} of ${of}, with seeds of its own: ebtorture merge adds them up`;
}

/** What was made to fail; page trylocks are in the rates, which they raise. */
function failuresText({ readFail, setupFail = 0 }: RunConfig): string[] {
  return [
    ...(readFail > 0 ? [`${percent(readFail)} of the reads fail`] : []),
    ...(setupFail > 0 ? [`${percent(setupFail)} of the pages to be read cannot be set up`] : []),
  ];
}

function processors({ cpuCount, coreCount }: Environment): string {
  const shared = coreCount !== null && coreCount < cpuCount;
  return counted(cpuCount, 'CPU') + (shared ? ` on ${counted(coreCount, 'core')}` : '');
}

/** Said where each actor was kept on a processor of its own. */
export function pinnedText({ pinnedTo }: Pick<Environment, 'pinnedTo'>): string {
  return (pinnedTo?.length ?? 0) > 0 ? ', an actor pinned to each' : '';
}

function jitText({ tier, flags }: Environment['jit']): string {
  return [tier, ...flags].join(' ');
}

function loadFact({ load, cpuCount }: Environment): (readonly [string, string])[] {
  if (load === null) return [];
  const preempted =
    load.preemptionsPerSecond === null ? '' : `, actors preempted ${short(load.preemptionsPerSecond)}/s`;
  const others = `others ${load.othersBusy.toFixed(2)} of ${counted(cpuCount, 'CPU')}`;
  return [['load', `${others}, steal ${(load.steal * 100).toFixed(1)} %${preempted}`]];
}

function lengthText({ config, elapsedMs, isInterrupted, arms, stopping, starts }: RunResult): string {
  const asked =
    config.trials === null ? askedTime(config) : `${counted(config.trials, 'trial', short)} per arm`;
  const blocks = arms.reduce(
    (sum, { rate, rejected, blockResults }) => sum + rate.blocks + leftOut(rejected) + aloneIn(blockResults),
    0,
  );
  const took = isInterrupted ? `INTERRUPTED after ${elapsed(elapsedMs)}` : `took ${elapsed(elapsedMs)}`;
  const untils = {
    fixed: `${asked}, fixed in advance`,
    decided: `until decided, at most ${asked}`,
    violation: `until the first violation, at most ${asked}`,
  };
  const until = untils[stopping.rule];
  return `${until}, ${took}; ${counted(arms.length, 'arm')} in ${counted(blocks, 'block')}, ${counted(starts, 'start')}`;
}

function leftOut({ blocks }: ArmResult['rejected']): number {
  return Object.values(blocks).reduce((sum, count) => sum + count, 0);
}

/** Blocks that one of several instances played alone, which count for no rate. */
function aloneIn(blocks: ArmResult['blockResults']): number {
  return blocks.filter(({ alone, rejected }) => alone === true && rejected === null).length;
}

function askedTime({ durationMs }: RunConfig): string {
  return durationMs === null ? UNKNOWN : elapsed(durationMs);
}

function worldsText({ config, tuning }: RunResult): string {
  const { stride, worlds } = paceOf(config, tuning);
  const size = bytes(config.memoryBytes);
  if (stride === null) return `a rendezvous in every trial; ${size}`;
  return `${grouped(worlds ?? config.worlds)} in ${size}, stride ${grouped(stride)}`;
}

/** Natural, or by what they were raised: the two are never to be compared. */
export function ratesText(config: RunConfig, tuning?: Tuning): string {
  if (config.amplification.length === 0) return 'natural: no waits, no failing trylocks';
  const delays = Object.entries(config.delays).map(([point, ns]) => `${point}=${ns}ns`);
  const { waits, trylockFail } = config;
  const causes = config.amplification.map((kind) => {
    switch (kind) {
      case 'delayed':
        return `delayed: ${delays.join(', ')}`;
      case 'jittered':
        return `jittered up to ${grouped(waits?.jitterNs ?? 0)} ns`;
      case 'stalled':
        return `stalled at ${percent(waits?.stall ?? 0)} of the points up to ${grouped((waits?.stallMaxNs ?? 0) / 1000)} us`;
      case 'trylock-failing':
        return `trylock failing ${percent(trylockFail)}`;
      case 'offset':
        return paceText(paceOf(config, undefined));
      case 'tuned':
        return `tuned in some placements of the cores: ${paceText(paceOf(config, tuning))}`;
    }
  });
  return `${causes.join('; ')}: RATES ARE NOT NATURAL`;
}
