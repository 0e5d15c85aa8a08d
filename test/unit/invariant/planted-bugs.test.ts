import { describe, expect, it } from 'vitest';
import { invariants } from '../../../src/catalog/registry.ts';
import { Check } from '../../../src/subject/extent-buffer/v5.7/check.ts';
import { CHECK_COUNT } from '../../../src/model/check.ts';
import type { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { TestWorld } from '../../helpers/test-world.ts';
import { ATTACHED, type Plant, type Planted } from './planted.ts';
import { plantedInLives, PutsTwice } from './planted-lives.ts';
import { plantedInUse } from './planted-use.ts';

function verdictOf({ world: options, state = {}, run }: Planted, plant: Plant): string {
  const world = new TestWorld(options).set({ ...state, ...plant.state });
  const checked = world.checked();
  run(world.model(plant.memory?.(world) ?? checked, plant.Model), world);
  checked.leave();
  return world.verdict(true);
}

const planted: readonly Planted[] = [...plantedInLives, ...plantedInUse];

describe('every invariant', () => {
  it('has a planted bug here and a place in the registry', () => {
    const checks = new Set<number>(planted.map(({ check }) => check));

    expect(invariants.map(({ check }) => check)).toEqual(
      Object.values(Check)
        // That of scenarios of users: see test/explore/litmus.test.ts.
        .filter((check) => check !== Check.ForbiddenOutcome)
        .toSorted((one, other) => one - other),
    );
    expect(invariants.every(({ check }) => checks.has(check))).toBe(true);
    expect(Math.max(...checks)).toBeLessThan(CHECK_COUNT);
  });

  it('has an id, a title and an origin that no other one has', () => {
    for (const key of ['id', 'title', 'origin'] as const) {
      expect(new Set(invariants.map((invariant) => invariant[key])).size).toBe(invariants.length);
    }
  });
});

describe.each(planted.map((plant) => [plant.bug, plant] as const))('where %s', (_bug, plant) => {
  const id = invariants.find(({ check }) => check === plant.check)?.id;

  it(`counts ${id}`, () => {
    expect(verdictOf(plant, plant.buggy)).toBe(id);
  });

  it('counts nothing in the repaired twin', () => {
    expect(verdictOf(plant, plant.repaired ?? {})).toBe('none');
  });
});

describe('the verdict on a trial', () => {
  it('is the first violation, whatever comes after it', () => {
    const detachesInWriteback = (model: ExtentBufferModel, world: TestWorld): void => {
      world.set({ 'eb0.refs': 1, 'eb0.bflags': ['IN_TREE'], 'page0.flags': [...ATTACHED, 'WRITEBACK'] });
      model.freeExtentBuffer(world.buffer(0));
    };
    const [alone, second] = [new TestWorld(), new TestWorld()];

    detachesInWriteback(alone.model(), alone);
    second.model(undefined, PutsTwice).freeExtentBuffer(second.buffer(0));
    detachesInWriteback(second.model(second.memory(1)), second);

    expect([alone.verdict(), second.verdict()]).toEqual(['B2', 'B3']);
  });

  it('is a violation of the world at rest only where no step has violated anything', () => {
    const world = new TestWorld().set({ private_lock: 1 });

    const atRest = world.verdict();
    world.memory().recordOops(world.names.address('fs.oops'), Check.B1);

    expect([atRest, world.verdict()]).toEqual(['L4', 'B1']);
  });
});
