import { describe, expect, it } from 'vitest';
import { partsOfFunctions } from '../../../../src/fix/mutation/method-hooks.ts';
import {
  ExtentBuffer,
  type ExtentBufferClass,
} from '../../../../src/subject/extent-buffer/v7.3/extent-buffer.ts';
import type { KernelName } from '../../../../src/subject/extent-buffer/v7.3/kernel.ts';
import {
  readingWithoutRef,
  withoutFixOf2020,
} from '../../../../src/subject/extent-buffer/v7.3/strategies/references-of-reads.ts';
import type { TodayStrategy } from '../../../../src/subject/extent-buffer/v7.3/strategy.ts';
import { Subpage, subpageOf } from '../../../../src/subject/extent-buffer/v7.3/subpage.ts';
import { TodayWorld } from '../../../helpers/today-world.ts';
import { ofAllocation } from './steps-of-allocation.ts';
import { ofChanges } from './steps-of-changes.ts';
import { ofReads } from './steps-of-reads.ts';
import { ofReferences } from './steps-of-references.ts';
import { ofReleases } from './steps-of-releases.ts';
import { ofSubpage } from './steps-of-subpage.ts';
import { ofUmount } from './steps-of-umount.ts';
import { ofWrites } from './steps-of-writes.ts';
import { KERNELS, type OperationSteps, stepsOf } from './step-table.ts';

const tables: readonly OperationSteps[] = [
  ...ofReferences,
  ...ofReleases,
  ...ofAllocation,
  ...ofReads,
  ...ofChanges,
  ...ofWrites,
  ...ofUmount,
];

interface Compared {
  readonly taken: readonly string[];
  readonly written: readonly string[];
  /** The invariant that the operation has broken. */
  readonly broken: string;
  /** Methods of the model that were called. */
  readonly called: ReadonlySet<string>;
}

interface Played {
  readonly kernel: KernelName;
  readonly pages: number;
  readonly strategy?: TodayStrategy;
  readonly Base?: ExtentBufferClass;
}

/** Plays an operation alone, and reads the table of its steps. */
function compared(
  { start, set, play, before, onBlocked, steps }: OperationSteps,
  { kernel, pages, strategy, Base }: Played,
): Compared {
  const world = new TodayWorld({ kernel, start, pages });
  for (const [word, value] of Object.entries(set ?? {})) {
    for (let index = 0; index < (word.startsWith('folio.') ? pages : 1); index++)
      world.set({ [word.replace('folio.', `folio${index}.`)]: value });
  }
  let isBefore = before !== undefined;
  const watched = {
    before: (step: string): void => {
      if (!isBefore || step !== before?.[0]) return;
      isBefore = false;
      before[1](world);
    },
    onBlocked: () => onBlocked?.(world),
    strategy,
  };
  const { steps: taken, called } = world.watch((model) => play(model, world), watched, Base);
  // Nobody else has come.
  if (isBefore) throw new Error(`there is no step '${before?.[0]}'`);
  return { taken, written: stepsOf(steps, kernel, pages), broken: world.broken, called };
}

/** A table of the subpage layout as one of the normal one, with the model that it is of. */
function inSubpageLayout(table: (typeof ofSubpage)[number], kernel: KernelName): OperationSteps {
  return {
    ...table,
    start: table.start(kernel),
    play: (model, world) => {
      if (model instanceof Subpage) table.play(model, world);
    },
  };
}

describe.each(KERNELS)('each operation of kernel %s alone', (kernel) => {
  const played = tables.filter(({ kernels = KERNELS }) => kernels.includes(kernel));

  it.each(played.map((table) => [table.title, table] as const))(
    'takes the steps of its table: %s',
    (_title, table) => {
      for (const pages of [1, 2]) {
        const { taken, written, broken } = compared(table, { kernel, pages });

        expect(taken).toEqual(written);
        expect(broken).toBe('none');
      }
    },
  );
});

describe.each(KERNELS)('each operation of the subpage layout of kernel %s alone', (kernel) => {
  it.each(ofSubpage.map((table) => [table.title, table] as const))(
    'takes the steps of its table: %s',
    (_title, table) => {
      for (const pages of [1, 2]) {
        const played = inSubpageLayout(table, kernel);
        const { taken, written, broken } = compared(played, { kernel, pages, Base: subpageOf(kernel) });

        expect(taken).toEqual(written);
        expect(taken.length).toBeGreaterThan(0);
        expect(broken).toBe('none');
      }
    },
  );
});

describe('each method of the model', () => {
  const uncalled = (
    Model: ExtentBufferClass,
    played: (kernel: KernelName) => readonly ReadonlySet<string>[],
  ): readonly string[] => {
    const called = KERNELS.flatMap(played);
    return [...partsOfFunctions(Model).keys()].filter((name) => called.every((names) => !names.has(name)));
  };

  it('is played by some table', () => {
    const missing = uncalled(ExtentBuffer, (kernel) =>
      tables
        .filter(({ kernels = KERNELS }) => kernels.includes(kernel))
        .map((table) => compared(table, { kernel, pages: 1 }).called),
    );

    expect(missing).toEqual([]);
  });

  it('of the subpage layout is played by some table of it', () => {
    const own = new Set(Object.getOwnPropertyNames(Subpage.prototype));
    const missing = uncalled(Subpage, (kernel) =>
      ofSubpage.map(
        (table) =>
          compared(inSubpageLayout(table, kernel), { kernel, pages: 1, Base: subpageOf(kernel) }).called,
      ),
    );

    expect(missing.filter((name) => own.has(name))).toEqual([]);
    expect(missing).toContain('writeOneEb');
  });
});

describe('a model that is not the kernel', () => {
  const titlesOf = (strategy: TodayStrategy): readonly string[] =>
    tables
      .filter(({ kernels = KERNELS }) => kernels.includes('7.3'))
      .filter((table) => {
        const { taken, written } = compared(table, { kernel: '7.3', pages: 1, strategy });
        return taken.join() !== written.join();
      })
      .map(({ title }) => title.replace(/,.*/, ''));

  it('differs from the tables of the functions that it changes, and of who calls them', () => {
    const submissions = [
      '2.11 read_extent_buffer_pages_nowait',
      '2.11 read_extent_buffer_pages',
      '2.13 btrfs_readahead_tree_block',
      '2.13 read_tree_block',
      '2.13 read_tree_block',
    ];

    expect(titlesOf(withoutFixOf2020)).toEqual(submissions);
    expect(titlesOf(readingWithoutRef)).toEqual([
      ...submissions.slice(0, 2),
      ...Array.from({ length: 7 }, () => '2.12 end_bbio_meta_read'),
      ...submissions.slice(2),
    ]);
  });
});
