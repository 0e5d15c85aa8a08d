import { describe, expect, it } from 'vitest';
import { namesOfSetting, settingNamed } from '../../../src/catalog/named-setting.ts';
import {
  addScenario,
  findScenario,
  isOfProject,
  scenarioNamed,
  scenarios,
} from '../../../src/catalog/registry.ts';
import { carriedWords, wordsIn } from '../../../src/catalog/words.ts';
import { explore } from '../../../src/explore/explore.ts';
import { parseSchedule } from '../../../src/explore/schedule/schedule.ts';
import { replaySchedule } from '../../../src/explore/witness/replay.ts';
import { loadStrategy, modelOf } from '../../../src/fix/plug-in/load.ts';
import { exploreReport } from '../../../src/report/explore-report.ts';
import { plain } from '../../../src/report/paint.ts';
import { kernelIn, kernelObjection, onKernels, scenarioIn } from '../../../src/scenario/kernels.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { planParts } from '../../../src/stress/plan/plan.ts';
import { runOptions } from '../../../src/stress/plan/run-options.ts';
import { runConfigOf } from '../../../src/stress/run/run-config.ts';
import { sessionParts } from '../../../src/stress/session/session-parts.ts';
import { windowHead } from '../../../src/stress/window/window-head.ts';
import { ladderOf } from '../../../src/study/mutate-ladder.ts';
import { hasUsualActors } from '../../../src/study/usual-actors.ts';
import { twoKernels } from '../../helpers/two-kernels.ts';

const [first] = scenarios;
if (first === undefined) throw new Error('there is no scenario');
const OTHER = 'two-kernels@1.2';
const known = [first, twoKernels];
addScenario(twoKernels);

describe('a scenario on several kernels', () => {
  it('is one scenario for each of them, the same object every time', () => {
    const { names = [], of } = twoKernels.kernels ?? {};

    expect(names.map((kernel) => of?.(kernel).name)).toEqual([OTHER, 'two-kernels']);
    expect(of?.('1.10')).toBe(twoKernels);
    expect(of?.('1.2')).toBe(of?.('1.2'));
    expect(names.map((kernel) => kernelIn(of?.(kernel) ?? first))).toEqual([
      { kernel: '1.2' },
      { kernel: '1.10' },
    ]);
    expect(kernelIn(first)).toEqual({});
    expect(() => of?.('1.3')).toThrow("unknown kernel '1.3': choose 1.2, 1.10");
  });

  it('makes none that nobody asks for, and has a default that is one of them', () => {
    const asked: string[] = [];
    const make = (kernel: string): Scenario => {
      asked.push(kernel);
      return first;
    };

    expect(onKernels({ names: ['1', '2', '3'], default: '2' }, make).name).toBe(first.name);
    expect(asked).toEqual(['2']);
    // Types refuse it, but not where names are put together.
    const one: readonly string[] = ['1'];
    expect(() => onKernels({ names: one, default: '2' }, make)).toThrow(/unknown kernel '2'/);
  });

  it.each([
    ['two-kernels', 'two-kernels'],
    ['two-kernels@1.10', 'two-kernels'],
    [OTHER, OTHER],
    ['two-kernels@1.3', undefined],
    ['two-kernels@', undefined],
    ['two-kernels@1.2@1.2', undefined],
    [`${first.name}@1.2`, undefined],
    ['no-kernels@1.2', undefined],
    ['@1.2', undefined],
  ])('is found by its name: %s', (name, found) => {
    expect(scenarioIn(known, name)?.name).toBe(found);
  });

  it('says what is wrong with a kernel, and nothing of what has another fault', () => {
    expect(kernelObjection(known, 'two-kernels@1.11')).toBe(
      "unknown kernel '1.11'; did you mean 1.10? (known of two-kernels: 1.2, 1.10)",
    );
    expect(kernelObjection(known, `${first.name}@1.2`)).toBe(
      `${first.name} is played on one kernel only; 1.2 have: two-kernels`,
    );
    expect(kernelObjection(known, `${first.name}@9`)).toBe(
      `${first.name} is played on one kernel only; no scenario has '9'`,
    );
    for (const name of [OTHER, 'two-kernels', 'no-kernels@1.2', first.name])
      expect(kernelObjection(known, name)).toBeUndefined();
    expect(() => scenarioNamed('two-kernels@1.11')).toThrow(/^unknown kernel '1\.11'/);
    expect(() => scenarioNamed('no-kernels@1.2')).toThrow("unknown scenario 'no-kernels@1.2'");
  });
});

describe.each(
  [twoKernels, ...scenarios].flatMap((scenario) =>
    (scenario.kernels?.names ?? []).map((kernel) => ({ kernel, scenario })),
  ),
)('$scenario.name on $kernel', ({ scenario, kernel }) => {
  const played = scenario.kernels?.of(kernel) ?? scenario;

  it('is found again by whatever a setting is called', () => {
    const names = namesOfSetting(settingNamed({ scenario: played.name }));

    expect(settingNamed(names).scenario).toBe(played);
    expect(findScenario(`${scenario.name}@${kernel}`)).toBe(played);
    for (const rung of ladderOf(played).rungs) expect(rung).toMatchObject({ scenario: played.name, kernel });
    expect(ladderOf(played).rungs.length).toBeGreaterThan(0);
  });

  it("has that kernel's model under each of its strategies", () => {
    const { Model, strategies } = played.subject;

    expect(strategies.length).toBeGreaterThan(0);
    for (const strategy of strategies) {
      expect(strategy.Base).toBe(Model);
      expect(modelOf(strategy).prototype).toBeInstanceOf(Model);
    }
  });

  it('comes with the project: its results carry no words, and its controls are known', () => {
    expect(isOfProject(played)).toBe(true);
    expect(isOfProject({ ...played })).toBe(false);
    expect(carriedWords(played)).toEqual({});
    expect(wordsIn({ config: { scenario: played.name } }).control).toBe(played.control);
    expect(hasUsualActors(settingNamed({ scenario: played.name }))).toBe(true);
  });
});

describe('a search', () => {
  it('is of the kernel that is asked for, as its result and its witness say', async () => {
    const searched = await Promise.all(
      ['two-kernels', OTHER].map(async (name) => {
        const setting = settingNamed({ scenario: name });
        const strategy = await loadStrategy('none', setting.scenario.subject);
        return explore({ setting, strategy, limits: { countStatesMax: 0 } });
      }),
    );
    const [newer, older] = searched;
    if (newer === undefined || older === undefined) throw new Error('a search is missing');

    expect(newer).toMatchObject({
      scenario: 'two-kernels',
      kernel: '1.10',
      verdict: 'holds',
      complete: true,
    });
    expect(older).toMatchObject({ scenario: OTHER, kernel: '1.2', verdict: 'violated', complete: true });
    expect(exploreReport(newer, [], plain)).toContain('of two-kernels on 1.10\n');
    expect(exploreReport(older, ['a', 'b', 'c'], plain)).toContain(`of ${OTHER}\n`);
    const schedule = parseSchedule(older.violations[0]?.witness?.schedule ?? '');
    expect(schedule.scenario).toBe(OTHER);
    const setting = settingNamed(schedule);
    const strategy = await loadStrategy(schedule.strategy, setting.scenario.subject);
    expect(replaySchedule({ setting, strategy, moves: schedule.moves, chances: schedule }).end).toMatchObject(
      {
        kind: 'violated',
        invariant: 'Q7',
      },
    );
  });
});

describe('a run on threads', () => {
  it.each([
    ['two-kernels', '1.10'],
    [OTHER, '1.2'],
    [first.name, undefined],
  ])('has the kernel in its configuration, by which its threads find it again: %s', (name, kernel) => {
    const setting = settingNamed({ scenario: name });
    const options = runOptions(setting, { seed: 1 });
    const parts = planParts(setting, { worlds: 8, stride: 4, arms: [{ strategy: 'none' }], seed: 1 });
    const { plan } = sessionParts(parts, setting);
    const windowOptions = { ...options, strategy: 'none', points: 8, rangeNs: [0, 100] } as const;
    const profiled = windowHead(windowOptions, { setting, parts, strategies: [], placement: undefined });

    for (const config of [runConfigOf(options, { parts: plan, setting, instances: 1 }), profiled.config]) {
      expect(config.scenario).toBe(name);
      expect(config.kernel).toBe(kernel);
      expect('kernel' in config).toBe(kernel !== undefined);
    }
    expect(settingNamed(plan).scenario).toBe(setting.scenario);
  });
});

describe('a kernel that other scenarios have', () => {
  it.each(scenarios.filter(({ kernels }) => kernels !== undefined && !kernels.names.includes('6.12')))(
    'is not called unknown: $name',
    ({ name, kernels }) => {
      expect(() => scenarioNamed(`${name}@6.12`)).toThrow(
        `${name} is not played on 6.12 (it has ${kernels?.names.join(', ')})`,
      );
    },
  );
});
