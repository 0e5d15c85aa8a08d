/** What the page has of each kind of result: an entry for every command that saves one. */
import type { Saved } from '../saved/rendered.ts';
import type { Schema } from '../saved/saved-result.ts';
import type { Part } from './part.ts';
import { cpusPart } from './section/cpus.ts';
import { diffPart } from './section/diff.ts';
import { explainPart } from './section/explain.ts';
import { explorePart, randomPart } from './section/explore.ts';
import { historyPart } from './section/history.ts';
import { huntPart } from './section/hunt.ts';
import { mergePart } from './section/merge.ts';
import { mutatePart } from './section/mutate.ts';
import { replayPart } from './section/replay.ts';
import { runPart } from './section/run.ts';
import { windowPart } from './section/window.ts';

/** What the page has of a result. */
export function partOf(saved: Saved): Part {
  switch (saved.schema) {
    case 'ebtorture.compare/1':
    case 'ebtorture.stress/1':
      return runPart(saved.document);
    case 'ebtorture.window/1':
      return windowPart(saved.document);
    case 'ebtorture.explore/1':
      return explorePart(saved.document);
    case 'ebtorture.explore-random/1':
      return randomPart(saved.document);
    case 'ebtorture.replay/1':
      return replayPart(saved.document);
    case 'ebtorture.explain/1':
      return explainPart(saved.document);
    case 'ebtorture.mutate/1':
      return mutatePart(saved.document);
    case 'ebtorture.history/1':
      return historyPart(saved.document);
    case 'ebtorture.hunt/1':
      return huntPart(saved.document);
    case 'ebtorture.merge/1':
      return mergePart(saved.document);
    case 'ebtorture.cpus/1':
      return cpusPart(saved.document);
    case 'ebtorture.diff/1':
      return diffPart(saved.document);
  }
}

/** Whose question is that of the page, the most telling one first. */
const LEADS: readonly Schema[] = [
  'ebtorture.merge/1',
  'ebtorture.diff/1',
  'ebtorture.compare/1',
  'ebtorture.stress/1',
  'ebtorture.history/1',
  'ebtorture.hunt/1',
  'ebtorture.explore/1',
  'ebtorture.mutate/1',
  'ebtorture.explain/1',
  'ebtorture.window/1',
  'ebtorture.explore-random/1',
  'ebtorture.replay/1',
  'ebtorture.cpus/1',
];

/** The place of the result whose question the page asks. */
export function leadOf(results: readonly Saved[]): number {
  const ranks = results.map(({ schema }) => LEADS.indexOf(schema));
  return ranks.indexOf(Math.min(...ranks));
}
