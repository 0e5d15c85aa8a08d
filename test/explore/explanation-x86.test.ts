import { describe, expect, it } from 'vitest';
import { explainTrial } from '../../src/explore/explain/explanation.ts';
import { replaySchedule } from '../../src/explore/witness/replay.ts';
import { NO_CHANCES } from '../../src/explore/search/session.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import { type Setting, resolveSetting } from '../../src/scenario/setting.ts';
import { announceFind } from '../../src/subject/extent-buffer/v5.7/announce-find.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { type LoggedTrial, playLogged } from '../helpers/logged-trial.ts';

const statesMax = 1_000_000;

function settingOf(ordering: Ordering): Setting {
  return resolveSetting({ scenario: readaheadVsReleasepage, start: 'primed', pages: 1, ordering });
}

const x86 = { setting: settingOf('x86'), strategy: announceFind, chances: NO_CHANCES };
const sc = { ...x86, setting: settingOf('sc') };

function violating(from: typeof x86): LoggedTrial[] {
  return playLogged({ ...from, trials: 3_000, seed: 1 }).filter(({ check }) => check !== 0);
}

describe('explainTrial where stores wait', () => {
  const trials = violating(x86);

  it('explains every violating random schedule by its logs alone, with what becomes visible when', () => {
    expect(trials.length).toBeGreaterThan(3);
    for (const { check, logs } of trials) {
      const found = explainTrial({ ...x86, check, logs, statesMax });

      expect(found).toMatchObject({ kind: 'explained', isFirst: true, isShortest: true });
      const moves = found.kind === 'explained' ? found.moves : [];
      const { steps, end } = replaySchedule({ ...x86, moves });
      expect(end).toMatchObject({ kind: 'violated', invariant: 'B1' });
      const made = steps.findIndex(({ operation }) => operation === 'WRITE_ONCE');
      const visible = steps.findIndex(
        ({ operation, isVisible }) => isVisible === true && operation === 'WRITE_ONCE',
      );
      // The announcement waits, or nothing would be violated.
      expect(visible === -1 || visible > made + 1).toBe(true);
    }
  });

  it('finds none with every store visible at once: the strategy holds there', () => {
    for (const { check, logs } of trials)
      expect(explainTrial({ ...sc, check, logs, statesMax }).kind).toBe('contradicted');
  });

  it('refuses logs of which a single result of a yes or no was turned round', () => {
    const [{ check, logs } = { check: 0, logs: { fs: 0, results: [] } }] = trials;
    const changes = logs.results.flatMap((log, actor) =>
      log.flatMap((result, place) => (result > 1 ? [] : [{ actor, place, result: 1 - result }])),
    );

    expect(changes.length).toBeGreaterThan(10);
    for (const { actor, place, result } of changes) {
      const results = logs.results.map((log, index) =>
        index === actor ? log.map((logged, at) => (at === place ? result : logged)) : log,
      );
      expect(explainTrial({ ...x86, check, logs: { ...logs, results }, statesMax }).kind).toBe(
        'contradicted',
      );
    }
  });

  it('explains what needs no store to wait in either way', () => {
    const early = violating({ ...x86, strategy: none });

    expect(early.length).toBeGreaterThan(3);
    for (const { check, logs } of early.slice(0, 10)) {
      expect(explainTrial({ ...x86, strategy: none, check, logs, statesMax }).kind).toBe('explained');
      expect(explainTrial({ ...sc, strategy: none, check, logs, statesMax }).kind).toBe('explained');
    }
  });
});
