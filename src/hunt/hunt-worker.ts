/** What the threads of `hunt` do: search programs, one after the other, and look at what violates. */
import { alphabetOf } from '../catalog/alphabets.ts';
import { guardThread } from '../fix/plug-in/guards.ts';
import { isPlugIn, loadStrategy } from '../fix/plug-in/load.ts';
import type { Strategy } from '../fix/strategy.ts';
import type { Alphabet } from '../scenario/alphabet.ts';
import { parseHunted } from '../scenario/hunted/hunted-names.ts';
import { type HuntedParts, huntedParts } from '../scenario/hunted/hunted-scenario.ts';
import { findingOf } from './finding.ts';
import type { FindingAnswer, HuntTask, SearchAnswer } from './hunt-task.ts';
import { type ProgramLimits, type ProgramSearch, searchProgram } from './search-program.ts';
import { shrunk } from './shrink.ts';

/** What piscina calls. */
export default async function huntTask(task: HuntTask): Promise<SearchAnswer | FindingAnswer> {
  const { kernel, strategy: source, against, limits } = task;
  if ([source, against].some((each) => each !== undefined && isPlugIn(each))) guardThread();
  const alphabet = alphabetOf(kernel);
  if (alphabet === undefined) throw new RangeError(`unknown kernel '${kernel}'`);
  const strategy = await loadStrategy(source, alphabet.subject);
  const other = against === undefined ? undefined : await loadStrategy(against, alphabet.subject);
  const judges = { strategy, other, limits };
  if (task.kind === 'search')
    return task.programs.map((text) => searchedBut(partsOf(alphabet, text), judges));
  const { invariant } = task;
  const smallest = shrunk(partsOf(alphabet, task.program), (parts) =>
    searchedBut(parts, judges).invariants.includes(invariant),
  );
  return findingOf(smallest, strategy, { invariant, source, statesMax: limits.statesMax }) ?? null;
}

function partsOf(alphabet: Alphabet, text: string): HuntedParts {
  const names = parseHunted(text);
  const parts = names === undefined ? 'it is no text of a program' : huntedParts(alphabet, names);
  if (typeof parts === 'string') throw new RangeError(`${text}: ${parts}`);
  return parts;
}

/** What a program violates, but for what it violates under the other strategy, too. */
function searchedBut(
  parts: HuntedParts,
  {
    strategy,
    other,
    limits,
  }: { readonly strategy: Strategy; readonly other: Strategy | undefined; readonly limits: ProgramLimits },
): ProgramSearch {
  const found = searchProgram(parts, strategy, limits);
  if (other === undefined || found.invariants.length === 0) return found;
  const known = searchProgram(parts, other, limits);
  // What that one might violate beyond the limit is nobody's finding.
  const invariants = known.isComplete ? found.invariants.filter((id) => !known.invariants.includes(id)) : [];
  return { ...found, invariants, isComplete: found.isComplete && known.isComplete };
}
