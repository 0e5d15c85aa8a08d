/** What threads show of findings: at their natural rate, and where that is silent, with actors held where the finding says one must stall. */
import { scenarioNamed } from '../../catalog/registry.ts';
import type { Point } from '../../fix/subject.ts';
import { resolveSetting } from '../../scenario/setting.ts';
import { runOptions } from '../../stress/plan/run-options.ts';
import { runStress } from '../../stress/run/run.ts';
import type { Finding, HuntHardware, Stall } from './hunt-result.ts';

/** Share of a finding's time that its natural rate has; the rest is for the stall, where that is needed. */
const NATURAL = 0.4;
/** How long an actor is held: some twenty steps of another one, which take 10 to 40 ns each. */
const HELD_NS = 500;

/** How long, and how. */
export interface HuntHardwareOptions {
  readonly strategy: string;
  /** All findings together. */
  readonly durationMs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Plays one finding after the other; those that were not come to when somebody ended it are left out. */
export async function hardwareOf(
  findings: readonly Finding[],
  options: HuntHardwareOptions,
): Promise<readonly HuntHardware[]> {
  const ms = options.durationMs / Math.max(1, findings.length);
  const shown: HuntHardware[] = [];
  for (const finding of findings) {
    if (options.signal.aborted) break;
    const natural = await played(finding, options, { ms: ms * NATURAL, delays: {} });
    const isSilent = natural.violations === 0 && !options.signal.aborted;
    const delays = isSilent ? delaysOf(finding, scenarioNamed(finding.program).subject.points) : {};
    const isHeld = Object.keys(delays).length > 0;
    shown.push(isHeld ? await played(finding, options, { ms: ms * (1 - NATURAL), delays }) : natural);
  }
  return shown;
}

/** Delays in ns at the points of the functions in which an actor must stall; at all points where none of those has one. */
export function delaysOf(
  { stalls }: { readonly stalls: readonly Pick<Stall, 'before'>[] },
  points: readonly Point[],
): Readonly<Record<string, number>> {
  const functions = new Set(stalls.map(({ before }) => before.slice(0, before.indexOf(' '))));
  const named = points.filter(({ where }) => functions.has(where.slice(0, where.indexOf(':'))));
  const held = named.length === 0 ? points : named;
  return Object.fromEntries(held.map(({ name }) => [name, HELD_NS]));
}

async function played(
  { key, invariant, program }: Finding,
  { strategy, seed, signal }: HuntHardwareOptions,
  { ms, delays }: { readonly ms: number; readonly delays: Readonly<Record<string, number>> },
): Promise<HuntHardware> {
  const scenario = scenarioNamed(program);
  const setting = resolveSetting({ scenario });
  const { arms } = await runStress({
    ...runOptions(setting, {
      seed,
      budget: { kind: 'duration', ms },
      delays,
      signal,
    }),
    strategy,
    hasControl: false,
  });
  const [arm] = arms;
  const trials = arm?.trials ?? 0;
  const violations = arm?.violations.byInvariant[invariant] ?? 0;
  const perMillion = trials === 0 ? 0 : (violations / trials) * 1e6;
  return { key, delays, trials, violations, perMillion };
}
