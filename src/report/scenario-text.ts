import type { RunConfig } from '../stress/result/result.ts';

/** The scenario of a result, and the kernel where it has several and its name does not tell. */
export function scenarioText({ scenario, kernel }: Pick<RunConfig, 'scenario' | 'kernel'>): string {
  return kernel === undefined || scenario.endsWith(`@${kernel}`) ? scenario : `${scenario} on ${kernel}`;
}
