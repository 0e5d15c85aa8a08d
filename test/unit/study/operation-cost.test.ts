import { describe, expect, it } from 'vitest';
import { modelOf } from '../../../src/fix/plug-in/load.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { FS_BIO } from '../../../src/memory/layout.ts';
import { OwnMailbox } from '../../../src/model/block-layer.ts';
import { WAIT_NONE } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import { readaheadVsReleasepage as scenario } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { costOf, countSteps } from '../../../src/study/operation-cost.ts';
import { TestWorld } from '../../helpers/test-world.ts';

const { costs = [] } = scenario;

/** The counts once more, from the lines of a trace. */
function tracedCounts(strategy: Strategy, pages: number, name: string): object {
  const world = new TestWorld({ pages });
  const memory = world.tracing();
  const model = world.model(memory, modelOf(strategy), new OwnMailbox(world.memory(), 0));
  const readahead = (): void => {
    const eb = model.findExtentBuffer();
    model.readExtentBufferPages(eb, WAIT_NONE);
    model.freeExtentBuffer(eb);
  };
  if (name === 'completion') readahead();
  const from = memory.trace.length;
  if (name === 'readahead') readahead();
  if (name === 'completion') model.endBioExtentReadpage(world.words[world.fs + FS_BIO] ?? 0, 'ok');
  if (name === 'releasepage') {
    memory.trylockPage(world.page(pages - 1));
    model.btreeReleasepage(world.page(pages - 1));
    memory.unlockPage(world.page(pages - 1));
  }
  const lines = memory.trace.slice(from);
  return {
    locks: lines.filter((line) => /^(?:L\(|trylock |lock )/.test(line)).length,
    atomics: lines.filter((line) => line.startsWith('rmw ')).length,
    steps: lines.length,
  };
}

describe.each(costs)('$name', (operation) => {
  it.each(strategies)('costs as many steps as its trace has: $name', (strategy) => {
    for (const pages of [1, 4]) {
      const counts = countSteps({ strategy, scenario, pages }, operation);

      expect(counts).toEqual(tracedCounts(strategy, pages, operation.name));
      expect(counts.steps).toBeGreaterThan(counts.locks + counts.atomics);
    }
  });
});

it('is measured as well as counted', async () => {
  let beats = 0;
  const cost = await costOf({ strategy: none, scenario, pages: 1 }, { timeMs: 2, beat: () => beats++ });

  expect(Object.keys(cost)).toEqual(['readahead', 'releasepage', 'completion']);
  for (const operation of costs) {
    expect(cost[operation.name]).toMatchObject(countSteps({ strategy: none, scenario, pages: 1 }, operation));
    expect(cost[operation.name]?.ns).toBeGreaterThan(0);
  }
  expect(beats).toBeGreaterThan(0);
});
