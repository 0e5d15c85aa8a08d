import { isOfProject } from '../catalog/registry.ts';
import { resolveSetting, type Setting } from '../scenario/setting.ts';

/**
 * Whether the actors are those that the start state has by default: with them the project's own controls violate in the scenarios
 * of the project. Of any other scenario nothing is known.
 */
export function hasUsualActors({ scenario, start, actors, geometry }: Setting): boolean {
  if (!isOfProject(scenario)) return false;
  const usual = resolveSetting({ scenario, start: start.name, pages: geometry.pages }).actors;
  return usual.length === actors.length && usual.every(({ role }, index) => role === actors[index]?.role);
}
