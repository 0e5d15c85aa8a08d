/**
 * Where the functions of a model come from: the kernels whose text was read, and what the model takes from each function. Facts and
 * hashes only; no text of a kernel stands anywhere here.
 */

/** Where a kernel has a function. */
export interface Place {
  /** From the root of the tree: `fs/btrfs/extent_io.c`. */
  readonly file: string;
  readonly name: string;
}

/** A kernel function that a model rests on. */
export interface KernelFunction extends Place {
  /** Kernels that have it elsewhere or call it otherwise, with what differs. */
  readonly was?: Readonly<Record<string, Partial<Place>>>;
  /** Section of the notes on that kernel by which the model is specified. @default they do not have it */
  readonly section?: string;
  /** What the model takes from it: which shared accesses, in which order. */
  readonly facts: string;
  /** Methods of the model that are this function or a part of it; none where it is a step or two of whoever calls it. */
  readonly methods: readonly string[];
}

/** One kernel whose text was read. */
export interface KernelReading {
  /** As `--kernel` takes it: `6.12`. */
  readonly kernel: string;
  /** The version whose text it was: `6.12.117`. */
  readonly release: string;
  /** By file and by the name there, the hash of a function: see `hashOf`. */
  readonly hashes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What one class of models was written from. */
export interface KernelTable {
  /** The folder of the generation. */
  readonly generation: string;
  /** The notes whose sections are named. */
  readonly notes: string;
  /** Name of the class whose methods are named. */
  readonly model: string;
  /** That of a class which the model extends: all of its functions are functions of this model, too. @default none */
  readonly extends?: KernelTable;
  /** Methods that no function stands for, with what the kernel has in their place. @default none */
  readonly withoutFunction?: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly readings: readonly KernelReading[];
  readonly functions: readonly KernelFunction[];
}

/** Where a kernel has a function, if it does. */
export function placeIn({ file, name, was }: KernelFunction, kernel: string): Place {
  return { file, name, ...was?.[kernel] };
}

/** Its hash in what was read; undefined where that kernel has no such function. */
export function hashIn(func: KernelFunction, { kernel, hashes }: KernelReading): string | undefined {
  const { file, name } = placeIn(func, kernel);
  return hashes[file]?.[name];
}

/** Functions of one file. */
export function inFile(
  file: string,
  functions: readonly Omit<KernelFunction, 'file'>[],
): readonly KernelFunction[] {
  return functions.map((func) => ({ file, ...func }));
}
