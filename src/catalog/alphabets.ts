/** The alphabets of `hunt`, and the scenarios that are made of them when somebody names one. */
import type { Alphabet, AlphabetOf } from '../scenario/alphabet.ts';
import { huntedParts, huntedScenario } from '../scenario/hunted/hunted-scenario.ts';
import { parseHunted } from '../scenario/hunted/hunted-names.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { subpageName, todayAlphabet } from '../subject/extent-buffer/v7.3/alphabet.ts';
import { DEFAULT_KERNEL, kernelNames } from '../subject/extent-buffer/v7.3/kernel.ts';
import { lifeAlphabet } from '../subject/extent-buffer/life/alphabet.ts';

/** What the alphabet of a generation is called, and what makes it. A new generation is a line here. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- operations are run with the model of their own alphabet only */
const ALPHABETS: ReadonlyMap<string, AlphabetOf> = new Map([
  ['5.7', lifeAlphabet as AlphabetOf],
  ...kernelNames.map((kernel) => [kernel, todayAlphabet(kernel) as unknown as AlphabetOf] as const),
  ...kernelNames.map(
    (kernel) =>
      [subpageName(kernel), todayAlphabet(kernel, { isSubpage: true }) as unknown as AlphabetOf] as const,
  ),
]);
/* oxlint-enable typescript/no-unsafe-type-assertion */

export { subpageName };

/** The kernel that is hunted in unless another is named. */
export const HUNTED_KERNEL: string = DEFAULT_KERNEL;

/** What `--kernel` takes. */
export const huntedKernels: readonly string[] = [...ALPHABETS.keys()];

const made = new Map<string, Alphabet>();

/** The alphabet of a kernel, or undefined. */
export function alphabetOf(kernel: string): Alphabet | undefined {
  const known = made.get(kernel);
  if (known !== undefined) return known;
  const alphabet = ALPHABETS.get(kernel)?.();
  if (alphabet !== undefined) made.set(kernel, alphabet);
  return alphabet;
}

/** Scenarios that were named in this thread: few, since only commands name them. */
const named = new Map<string, Scenario>();

/** The scenario of the text of a hunted program; undefined if it is none. */
export function huntedNamed(name: string): Scenario | undefined {
  const known = named.get(name);
  if (known !== undefined) return known;
  const names = parseHunted(name);
  const alphabet = names === undefined ? undefined : alphabetOf(names.kernel);
  if (names === undefined || alphabet === undefined) return undefined;
  const parts = huntedParts(alphabet, names);
  if (typeof parts === 'string') return undefined;
  const scenario = huntedScenario(parts);
  // Actors in another order are another text of the same program.
  const ofText = scenario.name === name ? scenario : { ...scenario, name };
  named.set(name, ofText);
  return ofText;
}
