import { splitMutant } from '../fix/mutation/mutation.ts';
import { isPlugIn } from '../fix/plug-in/load.ts';
import type { UserModule } from '../fix/plug-in/suspects.ts';
import { isLitmusPath, isScenarioPlugIn } from './registry.ts';

/** The modules of users among a strategy, or the one that a mutant is made of, and a scenario. */
export function plugInsOf(strategy: string | undefined, scenario: string | undefined): readonly UserModule[] {
  const plugIns: UserModule[] = [];
  if (strategy !== undefined && isPlugIn(strategy))
    plugIns.push({ kind: 'strategy', path: splitMutant(strategy)?.strategy ?? strategy });
  if (scenario !== undefined && isScenarioPlugIn(scenario) && !isLitmusPath(scenario))
    plugIns.push({ kind: 'scenario', path: scenario });
  return plugIns;
}
