/** What the threads of `hunt` do: search programs, one after the other, and look at what violates. */
import { alphabetOf } from '../../catalog/alphabets.ts';
import { splitMutant } from '../../fix/mutation/mutation.ts';
import { loadStrategy } from '../../fix/plug-in/load.ts';
import type { Alphabet } from '../../scenario/alphabet.ts';
import { parseHunted } from '../../scenario/hunted/hunted-names.ts';
import { type HuntedParts, huntedParts } from '../../scenario/hunted/hunted-scenario.ts';
import { findingOf } from './finding.ts';
import type { FindingAnswer, HuntTask, SearchAnswer } from './hunt-task.ts';
import { type ProgramLimits, type ProgramSearch, ProgramSearcher } from './search-program.ts';
import { shrunk } from './shrink.ts';

/** What piscina calls. */
export default async function huntTask(task: HuntTask): Promise<SearchAnswer | FindingAnswer> {
  const { kernel, limits } = task;
  const alphabet = alphabetOf(kernel);
  if (alphabet === undefined) throw new RangeError(`unknown kernel '${kernel}'`);
  const { against, strategy } = task;
  const searcherOf = await source(alphabet, strategy, limits);
  const otherOf = against === null ? undefined : await source(alphabet, against, limits);
  const searched = async (parts: HuntedParts): Promise<ProgramSearch> => {
    const found = (await searcherOf()).search(parts);
    if (otherOf === undefined || found.invariants.length === 0) return found;
    const known = (await otherOf()).search(parts);
    // What that one might violate beyond the limit is nobody's finding.
    const invariants = known.isComplete
      ? found.invariants.filter((id) => !known.invariants.includes(id))
      : [];
    return { ...found, invariants, isComplete: found.isComplete && known.isComplete };
  };
  if (task.kind === 'search') {
    const found: ProgramSearch[] = [];
    for (const text of task.programs) found.push(await searched(partsOf(alphabet, text)));
    return found;
  }
  const { invariant, program } = task;
  const smallest = await shrunk(partsOf(alphabet, program), async (parts) =>
    (await searched(parts)).invariants.includes(invariant),
  );
  return findingOf(smallest, await loadStrategy(strategy, alphabet.subject), {
    invariant,
    source: strategy,
    statesMax: limits.statesMax,
  });
}

/** Who searches under a strategy: one for all programs of a task, but a new one for each of a mutant, which counts how often its changed step is taken. */
async function source(
  alphabet: Alphabet,
  name: string,
  limits: ProgramLimits,
): Promise<() => Promise<ProgramSearcher>> {
  const searcher = async (): Promise<ProgramSearcher> =>
    new ProgramSearcher(await loadStrategy(name, alphabet.subject), limits);
  if (splitMutant(name) !== undefined) return searcher;
  const only = await searcher();
  return async () => Promise.resolve(only);
}

function partsOf(alphabet: Alphabet, text: string): HuntedParts {
  const names = parseHunted(text);
  const parts = names === undefined ? 'it is no text of a program' : huntedParts(alphabet, names);
  if (typeof parts === 'string') throw new RangeError(`${text}: ${parts}`);
  return parts;
}
