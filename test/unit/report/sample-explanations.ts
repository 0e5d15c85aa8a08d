/** Explanations as a run on two cores gives them, with hand-made counts and steps that the explore engine gives. */
import { explore } from '../../../src/explore/explore.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { StressResult } from '../../../src/stress/result/result.ts';
import type { ExplainResult } from '../../../src/study/explain-result.ts';
import { settingFor } from '../../helpers/explore-setting.ts';
import { stressClean, stressViolated } from './sample-results.ts';

const actors = ['finder', 'reclaim'];

/** A fix that held. */
export const explainClean: ExplainResult = {
  ...ofRun(stressClean),
  schema: 'ebtorture.explain/1',
  verdict: 'clean',
  actors,
  lost: 0,
  observed: null,
  explanation: null,
  furthest: [],
  states: 0,
  searchMs: 0,
};

const witness = explore({
  setting: settingFor('primed', 'finder=1,reclaim=1', 4),
  strategy: none,
  limits: { countStatesMax: 0 },
}).violations[0]?.witness;

const observed = {
  invariant: 'B1',
  title: 'released under IO',
  origin: 'BUG_ON(extent_buffer_under_io(eb)), btrfs_release_extent_buffer_pages',
  logs: [
    { actor: 'finder', results: [816, 1, 0, 2, 1, 0] },
    { actor: 'reclaim', results: [1, 0, 0, 1] },
  ],
  world: 704,
};

/** The race, explained. */
export const explained: ExplainResult = {
  ...ofRun(stressViolated),
  schema: 'ebtorture.explain/1',
  verdict: 'explained',
  actors,
  lost: 0,
  observed,
  explanation: {
    schedule: witness?.schedule ?? '',
    preemptions: witness?.preemptions ?? 0,
    switches: witness?.switches ?? 0,
    isShortest: true,
    idleRounds: 0,
    precededBy: null,
    steps: witness?.steps ?? [],
  },
  furthest: [],
  states: 220,
  searchMs: 31.4,
};

/** Logs that no interleaving agrees with. */
export const contradicted: ExplainResult = {
  ...explained,
  verdict: 'contradicted',
  explanation: null,
  furthest: [
    {
      label: 'finder',
      place: 4,
      count: 6,
      operation: 'atomic_read',
      field: 'eb0.refs',
      returns: 2,
      logged: 7,
    },
    { label: 'reclaim', place: 4, count: 4, operation: 'done', field: '', returns: null, logged: null },
  ],
};

/** What an explanation says of its run. */
function ofRun(
  run: StressResult,
): Omit<Pick<ExplainResult, keyof ExplainResult & keyof StressResult>, 'schema' | 'verdict'> {
  const { environment, config, arms, elapsedMs, startup, isInterrupted, notices } = run;
  return { environment, config, arms, elapsedMs, startup, isInterrupted, notices };
}
