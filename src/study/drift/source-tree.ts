/** A kernel source tree, as far as its files were read, and where it has a function. */
import {
  hashIn,
  type KernelFunction,
  type KernelReading,
  placeIn,
  type Place,
} from '../../model/kernel-function.ts';
import { type CFunction, functionsOf, hashOf } from './c-functions.ts';
import { CTextError } from './c-tokens.ts';

/** What was read of a tree. */
export interface SourceTree {
  /** As the user named it, with escapes for what cannot be seen. */
  readonly path: string;
  /** What its Makefile says. */
  readonly release: string;
  /** The text of a file of it by its path there; one that it does not have is missing. */
  readonly files: ReadonlyMap<string, string>;
}

/** A file of a tree in which no functions can be told: the message says which, and why. */
export class SourceTreeError extends Error {
  override readonly name = 'SourceTreeError';
}

/** Where a tree has a function, and its text there. */
export interface Found extends Place {
  readonly text: CFunction;
}

/** The functions of a tree. */
export class TreeFunctions {
  readonly #byFile: ReadonlyMap<string, ReadonlyMap<string, CFunction>>;

  /** @throws {SourceTreeError} If there is a file that is no C text, or not whole. */
  constructor({ files }: Pick<SourceTree, 'files'>) {
    this.#byFile = new Map([...files].map(([file, text]) => [file, functionsIn(file, text)]));
  }

  at({ file, name }: Place): Found | undefined {
    const text = this.#byFile.get(file)?.get(name);
    return text && { file, name, text };
  }

  /**
   * Where the function of a reading is: at its place; else in another file; else at a place that it has in some other kernel; else
   * anywhere the same text stands under another name.
   */
  find(func: KernelFunction, reading: KernelReading): Found | undefined {
    const place = placeIn(func, reading.kernel);
    return (
      this.at(place) ??
      this.#named(place.name) ??
      [func, ...Object.keys(func.was ?? {}).map((kernel) => placeIn(func, kernel))]
        .map((known) => this.at(known))
        .find((found) => found !== undefined) ??
      this.#withText(hashIn(func, reading), place.name)
    );
  }

  #named(name: string): Found | undefined {
    for (const file of this.#byFile.keys()) {
      const found = this.at({ file, name });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #withText(hash: string | undefined, as: string): Found | undefined {
    for (const [file, functions] of this.#byFile)
      for (const [name, text] of functions) if (hashOf(text, as) === hash) return { file, name, text };
    return undefined;
  }
}

function functionsIn(file: string, text: string): ReadonlyMap<string, CFunction> {
  try {
    return functionsOf(text);
  } catch (cause) {
    if (cause instanceof CTextError) throw new SourceTreeError(`${file} ${cause.message}`, { cause });
    throw cause;
  }
}
