import { resolveSetting, type Setting } from '../scenario/setting.ts';

/** Whether the actors are those that the start state has by default: with them the project's own controls violate. */
export function hasUsualActors({ scenario, start, actors, geometry }: Setting): boolean {
  const usual = resolveSetting({ scenario, start: start.name, pages: geometry.pages }).actors;
  return usual.length === actors.length && usual.every(({ role }, index) => role === actors[index]?.role);
}
