/** What runs a saved result again, and what replays the violations that it has a schedule of. */
import type { ExploreResult } from '../../explore/explore.ts';
import type { RandomExploreResult } from '../../explore/random-explore.ts';
import { actorsText } from '../../scenario/role-count.ts';
import type { DiffResult } from '../../study/diff/diff-result.ts';
import type { ExplainResult } from '../../study/explain-result.ts';
import type { HuntResult } from '../../study/hunt/hunt-result.ts';
import type { HistoryResult } from '../../study/history-result.ts';
import type { Ordering } from '../../memory/ordering.ts';
import type { MutateResult } from '../../study/mutate-result.ts';
import {
  durationOption,
  optionText,
  placesOptions,
  quoted,
  rerunCommand,
  shardOption,
  trialsOption,
} from '../rerun-command.ts';
import type { PlacesConfig } from '../../stress/plan/places-config.ts';
import { mergedRerun } from '../merge-report.ts';
import type { RunResult } from '../run-header.ts';
import { windowCommand } from '../window-command.ts';
import type { Saved } from './rendered.ts';

/** The command in one line; '' for a replay, whose document does not have its schedule. */
export function commandOf({ schema, document }: Saved): string {
  switch (schema) {
    case 'ebtorture.compare/1':
    case 'ebtorture.stress/1':
      return runCommand(document);
    case 'ebtorture.window/1':
      return oneLine(windowCommand(document));
    case 'ebtorture.explore/1':
      return exploreCommand(document);
    case 'ebtorture.explore-random/1': {
      const { scheduler, schedules, seed } = document;
      return `${exploreCommand(document)} --scheduler ${scheduler.kind}${scheduler.kind === 'pct' ? ` --depth ${scheduler.depth}` : ''} --schedules ${schedules} --seed ${seed}`;
    }
    case 'ebtorture.replay/1':
      return '';
    case 'ebtorture.explain/1':
      return explainCommand(document);
    case 'ebtorture.mutate/1':
      return mutateCommand(document);
    case 'ebtorture.history/1':
      return historyCommand(document);
    case 'ebtorture.hunt/1':
      return huntCommand(document);
    case 'ebtorture.cpus/1':
      return 'ebtorture cpus';
    case 'ebtorture.merge/1':
      return oneLine(mergedRerun(document));
    case 'ebtorture.diff/1':
      return diffCommand(document);
  }
}

/** A line for each schedule that violates. */
export function replayCommands(saved: Saved): string[] {
  return schedulesIn(saved).map((schedule) => `ebtorture replay ${quoted(schedule)}`);
}

function schedulesIn({ schema, document }: Saved): string[] {
  switch (schema) {
    case 'ebtorture.compare/1':
    case 'ebtorture.stress/1':
      return witnessesOf(document);
    case 'ebtorture.explore/1':
    case 'ebtorture.explore-random/1':
      return document.violations.flatMap(({ witness }) => witness?.schedule ?? []);
    case 'ebtorture.explain/1':
      return document.explanation === null ? [] : [document.explanation.schedule];
    case 'ebtorture.mutate/1':
      return document.mutants.flatMap(({ explore }) => explore?.witness?.schedule ?? []);
    case 'ebtorture.history/1':
      return document.rows.flatMap(({ before }) => before.witness?.schedule ?? []);
    case 'ebtorture.hunt/1':
      return document.findings.flatMap(({ witness }) => witness?.schedule ?? []);
    case 'ebtorture.merge/1':
      return [...new Set(document.strata.flatMap(({ result }) => witnessesOf(result)))];
    case 'ebtorture.replay/1':
    case 'ebtorture.window/1':
    case 'ebtorture.cpus/1':
    case 'ebtorture.diff/1':
      return [];
  }
}

function witnessesOf({ arms }: RunResult): string[] {
  return arms.flatMap(({ proof }) => proof?.witness ?? []);
}

function runCommand(result: RunResult): string {
  const { schema, arms, config, words } = result;
  if (schema === 'ebtorture.compare/1') {
    const agrees = 'agreement' in result;
    const { strategies } = config;
    return oneLine(rerunCommand({ command: 'compare', strategies, hasControl: true, agrees, config, words }));
  }
  // A plug-in has a name in its arm and a path in the configuration; both lists have the same order.
  const index = Math.max(
    arms.findIndex(({ isControl }) => !isControl),
    0,
  );
  const hasControl = arms.some(({ expectation }) => expectation === 'violates');
  const strategies = config.strategies.slice(index, index + 1);
  return oneLine(rerunCommand({ command: 'stress', strategies, hasControl, config, words }));
}

function exploreCommand(result: ExploreResult | RandomExploreResult): string {
  const { scenario, start, strategy, actors, pages, chances } = result;
  return [
    'ebtorture explore',
    optionText('--scenario', scenario),
    optionText('--start', start),
    optionText('--strategy', strategy),
    optionText('--actors', actorsText(actors)),
    `--pages ${pages}`,
    ...orderingTexts(result),
    ...(chances.readsFail ? ['--reads-fail'] : []),
    ...(chances.trylocksFail ? ['--trylocks-fail'] : []),
    ...(chances.setupsFail ? ['--setups-fail'] : []),
  ].join(' ');
}

function explainCommand({ config, arms, words }: ExplainResult): string {
  const hasControl = config.strategies.length > 1 || arms[0]?.expectation === 'violates';
  const strategies = config.strategies.slice(0, 1);
  return oneLine(rerunCommand({ command: 'explain', strategies, hasControl, config, words }));
}

/** Nothing where every store is visible at once. */
function orderingTexts(of: { readonly ordering?: Ordering | undefined } | undefined): string[] {
  return of?.ordering === undefined ? [] : [`--ordering ${of.ordering}`];
}

function mutateCommand({ config }: MutateResult): string {
  const [first, ...others] = config.ladder;
  // One setting is one that was asked for.
  const setting =
    first === undefined || others.length > 0
      ? []
      : [
          optionText('--start', first.start),
          optionText('--actors', actorsText(first.actors)),
          `--pages ${first.pages}`,
        ];
  return [
    'ebtorture mutate',
    optionText('--scenario', first?.scenario ?? ''),
    ...setting,
    optionText('--strategy', config.strategy),
    ...(config.isModel ? ['--model'] : []),
    ...orderingTexts(config.ladder[0]),
    ...placesTexts(config),
    `--time-max ${durationOption(config.exploreMs)}`,
    ...(config.stressMs === 0
      ? ['--explore-only']
      : [`--time-per-mutant ${durationOption(config.stressMs)}`]),
    `--seed ${config.seed}`,
    ...shardOption(config.shard),
  ].join(' ');
}

function historyCommand({ config, matrix }: HistoryResult): string {
  const { hardwareMs, exploreMs, agrees, seed } = config;
  return [
    'ebtorture history',
    ...(matrix === undefined ? [] : ['--matrix']),
    ...(hardwareMs === null ? [] : ['--hardware', `--duration ${durationOption(hardwareMs)}`]),
    ...(agrees ? ['--agree'] : []),
    ...placesTexts(config),
    `--time-max ${durationOption(exploreMs)}`,
    `--seed ${seed}`,
  ].join(' ');
}

function huntCommand({ config }: HuntResult): string {
  return [
    'ebtorture hunt',
    optionText('--kernel', config.kernel),
    optionText('--strategy', config.strategy),
    ...(config.against === null ? [] : [optionText('--against', config.against)]),
    ...(config.only === null ? [] : [optionText('--only', config.only.join(','))]),
    `--size ${config.size}`,
    `--states-max ${trialsOption(config.statesMax)}`,
    ...(config.seed === null ? [] : [`--seed ${config.seed}`]),
    ...shardOption(config.shard),
  ].join(' ');
}

function diffCommand({ a, b, margin }: DiffResult): string {
  return `ebtorture diff ${quoted(a.file)} ${quoted(b.file)} --margin ${margin}`;
}

function placesTexts(config: PlacesConfig): string[] {
  return placesOptions(config).flatMap((option) => (option === false ? [] : [optionText(...option)]));
}

/** A command of several lines as one. */
function oneLine(lines: readonly string[]): string {
  return lines.map((line) => line.trim().replace(/ ?\\$/, '')).join(' ');
}
