import { describe, expect, it } from 'vitest';
import { type Explanation, explainTrial } from '../../src/explore/explain/explanation.ts';
import type { TrialLogs } from '../../src/explore/explain/log-follower.ts';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { type Chances, NO_CHANCES } from '../../src/explore/search/session.ts';
import { earlyCheck } from '../../src/subject/extent-buffer/v5.7/strategies/early-check.ts';
import { lockedIoPages } from '../../src/subject/extent-buffer/v5.7/strategies/locked-io-pages.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { invariants } from '../../src/catalog/registry.ts';
import { EB_BFLAGS, type ExtentBuffer } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { pageAt } from '../../src/memory/layout.ts';
import { EXTENT_BUFFER_UPTODATE } from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import type { Setting } from '../../src/scenario/setting.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import { logsOf, playLogged } from '../helpers/logged-trial.ts';

const statesMax = 1_000_000;

interface Case {
  readonly setting: Setting;
  readonly strategy: Strategy;
  readonly chances: Chances;
}

const oneFinder: Case = {
  setting: settingFor('primed', 'finder=1,reclaim=1'),
  strategy: none,
  chances: NO_CHANCES,
};

/** The kernel before the fix, with page locks that are tried again and again. */
const spinning: Strategy = {
  ...none,
  name: 'spinning',
  extend: (Base) =>
    class Spinning extends Base {
      protected override lockExtentBufferPages(): boolean {
        while (!this.mem.trylockPage(pageAt(this.fsInfo, 0))) this.mem.cpuRelax();
        return true;
      }
    },
};

/** Looks at a buffer once it has given it back. */
const looksBack: Strategy = {
  ...upstream,
  name: 'looks-back',
  extend: (Base) =>
    class LooksBack extends Base {
      override freeExtentBuffer(eb: ExtentBuffer): void {
        super.freeExtentBuffer(eb);
        this.mem.testBit(EXTENT_BUFFER_UPTODATE, eb + EB_BFLAGS);
      }
    },
};

/** The invariant that the replay of an explanation ends in. */
function endOf(from: Case, found: Explanation): string {
  if (found.kind !== 'explained') return found.kind;
  const { end } = replaySchedule({ ...from, moves: found.moves });
  return end.kind === 'violated' ? end.invariant : end.kind;
}

/** The seed commit's race, with allocations, as the search comes up with it in replay.test.ts. */
const seedRace = { ...oneFinder, setting: settingFor('cold', 'readahead=2,reclaim=1') };
const seedWitness = {
  ...parseSchedule('eb1:readahead-vs-releasepage:cold:none:readahead=2,reclaim=1:p1:a31c6a10c6b9c5b20'),
  preemptions: 4,
};

function changedAt(log: readonly number[], place: number, result: number): readonly number[] {
  return log.map((logged, index) => (index === place ? result : logged));
}

function idOf(check: number): string | undefined {
  return invariants.find((invariant) => invariant.check === check)?.id;
}

describe('explainTrial', () => {
  it.each([
    { ...oneFinder, name: 'from primed', trials: 1000 },
    {
      ...oneFinder,
      name: 'with four pages',
      setting: settingFor('primed', 'finder=1,reclaim=1', 4),
      strategy: earlyCheck,
      trials: 1000,
    },
    {
      ...oneFinder,
      name: 'with two finders',
      setting: settingFor('primed', 'finder=2,reclaim=1', 2),
      strategy: lockedIoPages,
      trials: 250,
    },
    {
      name: 'with end-io, failing reads and failing trylocks',
      setting: settingFor('primed', 'finder=1,reclaim=1,end-io=1', 2),
      strategy: none,
      chances: { readsFail: true, trylocksFail: true, setupsFail: true },
      trials: 8000,
    },
  ])('explains every violating random schedule $name by its logs alone', (from) => {
    const trials = playLogged({ ...from, seed: 1 }).filter(({ check }) => check !== 0);

    expect(trials.length).toBeGreaterThan(3);
    for (const { check, logs } of trials) {
      const found = explainTrial({ ...from, check, logs, statesMax });

      expect(found).toMatchObject({ kind: 'explained', isFirst: true, isShortest: true });
      expect(endOf(from, found)).toBe(idOf(check));
    }
  });

  it('finds the seed commit again, with allocations, from the logs of its witness', () => {
    const { check, logs } = logsOf({ ...seedRace, moves: seedWitness.moves });
    const found = explainTrial({ ...seedRace, check, logs, statesMax });

    expect(found).toMatchObject({ kind: 'explained', preemptions: seedWitness.preemptions });
    expect(endOf(seedRace, found)).toBe('B1');
  });

  it('takes pointers relative to the world of the logs, and buffers by any name', () => {
    const { check, logs } = logsOf({ ...seedRace, moves: seedWitness.moves });
    // On hardware an actor begins at a slab object of its own: here eb0 and eb1 have changed names, far away.
    const far = 1_000_000;
    const [first, second] = [80, 96];
    const renamed = logs.results.map((log) =>
      log.map((result) => {
        if (result === first) return second + far;
        return result === second ? first + far : result;
      }),
    );

    const found = explainTrial({
      ...seedRace,
      check,
      logs: { fs: logs.fs + far, results: renamed },
      statesMax,
    });

    expect(renamed.flat()).toContain(second + far);
    expect(endOf(seedRace, found)).toBe('B1');
  });

  it('goes through retry loops that turn more often than anything changes', () => {
    const from = { ...oneFinder, strategy: spinning };
    const trials = playLogged({ ...from, trials: 400, seed: 1 }).filter(
      ({ check, idleRounds }) => check !== 0 && idleRounds > 0,
    );

    const found = trials.map(({ check, logs }) => explainTrial({ ...from, check, logs, statesMax }));

    expect(found.map((each) => endOf(from, each))).toEqual(trials.map(({ check }) => idOf(check)));
    // Another interleaving may have had no idle round; that of some trials had.
    expect(found.some((each) => each.kind === 'explained' && each.idleRounds > 0)).toBe(true);
  });
});

describe('a log that goes on behind an access to poison', () => {
  it('is followed up to there, and it is counted what nothing was compared with', () => {
    const from = { ...oneFinder, strategy: looksBack };
    const trials = playLogged({ ...from, trials: 300, seed: 1 }).filter(({ check }) => idOf(check) === 'UAF');

    expect(trials.length).toBeGreaterThan(3);
    for (const { check, logs, moves } of trials) {
      const last = moves.at(-1)?.actor;
      const results = logs.results.map((log, actor) => (actor === last ? [...log, 7, 7, 7] : log));
      const found = explainTrial({ ...from, check, logs: { ...logs, results }, statesMax });

      expect(found).toMatchObject({ kind: 'explained' });
      // The other actor may not have been needed as far as it had come.
      const { uncompared = 0 } = found.kind === 'explained' ? found : {};
      expect(uncompared).toBeGreaterThanOrEqual(3);
      expect(uncompared).toBeLessThan(results.flat().length);
      expect(endOf(from, found)).toBe('UAF');
      const changed = results.map((log, actor) => (actor === last ? changedAt(log, 0, 77) : log));
      expect(explainTrial({ ...from, check, logs: { ...logs, results: changed }, statesMax }).kind).toBe(
        'contradicted',
      );
    }
  });

  it('is not the log of any other violation: everything is compared there', () => {
    const trials = playLogged({ ...oneFinder, trials: 1000, seed: 1 }).filter(({ check }) => check !== 0);

    expect(trials.length).toBeGreaterThan(3);
    for (const { check, logs } of trials) {
      expect(explainTrial({ ...oneFinder, check, logs, statesMax })).toMatchObject({ uncompared: 0 });
    }
  });
});

describe('logs of which an actor was let go on behind the violation', () => {
  const { check, logs } = logsOf({ ...seedRace, moves: seedWitness.moves });
  const forced = logs.results.map((log) => [...log, 1234]);

  it('are followed up to the violation, and it is counted what nothing was compared with', () => {
    const whole = explainTrial({ ...seedRace, check, logs: { ...logs, results: forced }, statesMax });
    const cut = explainTrial({
      ...seedRace,
      check,
      logs: { ...logs, results: forced, isCut: true },
      statesMax,
    });

    expect(whole.kind).toBe('contradicted');
    expect(cut).toMatchObject({ kind: 'explained', isFirst: true });
    expect(cut).toHaveProperty('uncompared', expect.any(Number));
    expect(cut.kind === 'explained' && cut.uncompared).toBeGreaterThanOrEqual(forced.length);
    expect(endOf(seedRace, cut)).toBe('B1');
  });

  it('are refused all the same if what came before cannot be', () => {
    const results = forced.map((log) => changedAt(log, 0, 4321));

    expect(
      explainTrial({ ...seedRace, check, logs: { ...logs, results, isCut: true }, statesMax }).kind,
    ).toBe('contradicted');
  });
});

describe('a log that no interleaving agrees with', () => {
  const trials = playLogged({ ...oneFinder, trials: 1000, seed: 1 });
  const { check, logs } = trials.find((trial) => trial.check !== 0) ?? {
    check: 0,
    logs: { fs: 0, results: [] },
  };

  function explainChanged(changed: TrialLogs['results'], from: Case = oneFinder): Explanation {
    return explainTrial({ ...from, check, logs: { ...logs, results: changed }, statesMax });
  }

  it('is refused, whichever single result of a yes or no was turned round', () => {
    const changes = logs.results.flatMap((log, actor) =>
      log.flatMap((result, place) => (result > 1 ? [] : [{ actor, place, result: 1 - result }])),
    );
    const found = changes.map(({ actor, place, result }) =>
      explainChanged(
        logs.results.map((log, index) => (index === actor ? changedAt(log, place, result) : log)),
      ),
    );

    expect(changes.length).toBeGreaterThan(20);
    expect(found.filter(({ kind }) => kind !== 'contradicted')).toEqual([]);
  });

  it('is refused if a result is missing, or one is left over', () => {
    const [finder = [], reclaim = []] = logs.results;

    expect(explainChanged([finder.slice(0, -1), reclaim]).kind).toBe('contradicted');
    expect(explainChanged([[...finder, 0], reclaim]).kind).toBe('contradicted');
    expect(explainChanged([finder, reclaim]).kind).toBe('explained');
  });

  it('is refused if it comes from another strategy, or from another violation', () => {
    expect(explainChanged(logs.results, { ...oneFinder, strategy: upstream }).kind).toBe('contradicted');
    expect(explainTrial({ ...oneFinder, check: check + 1, logs, statesMax }).kind).toBe('contradicted');
  });

  it('is reported with where the actors stood and what they should have seen', () => {
    const [finder = [], reclaim = []] = logs.results;
    const refs = finder.indexOf(2);

    const found = explainChanged([changedAt(finder, refs, 7), reclaim]);

    expect(found).toMatchObject({
      kind: 'contradicted',
      furthest: [
        expect.objectContaining({ label: 'finder', place: refs, operation: 'atomic_read', logged: 7 }),
        expect.objectContaining({ label: 'reclaim' }),
      ],
    });
  });

  it('is not called one where the limit ended the search', () => {
    expect(explainTrial({ ...oneFinder, check, logs, statesMax: 10 }).kind).toBe('exhausted');
  });
});
