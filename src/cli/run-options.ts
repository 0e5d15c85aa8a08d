/** The options that `compare` and `stress` share. */
import { RUN_DEFAULTS, scenarioOf } from '../catalog/run-defaults.ts';
import type { Ordering } from '../memory/ordering.ts';
import { actorsText } from '../scenario/role-count.ts';
import { durationOption } from '../report/rerun-command.ts';
import type { OptionSpec } from './arguments.ts';
import { launchOptions } from './launch-options.ts';
import { placesOptions } from './places-options.ts';

export const WHAT = 'What to run:';
const HOW_LONG = 'How long:';
const HOW = 'How to run it:';
const RATE = 'Raising the rate (labeled in the result, never natural):';
export const OUTPUT = 'Output:';

const scenario = scenarioOf(undefined);
const start = scenario?.starts[0];

/** `--ordering`, of a command that has these. */
export function orderingOption(orderings: readonly Ordering[]): OptionSpec {
  return {
    name: 'ordering',
    kind: 'text',
    group: WHAT,
    summary: `In which order accesses become visible: ${orderings.join(', ')}`,
    defaultText: 'sc',
  };
}

/** In the order of the help. */
export const RUN_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'scenario',
    kind: 'text',
    group: WHAT,
    summary: 'Race to play, by name, or path of a module',
    defaultText: scenario?.name ?? '',
  },
  {
    name: 'kernel',
    kind: 'text',
    group: WHAT,
    summary: 'Kernel of a scenario that has several, such as 6.12: see list',
    defaultText: "the scenario's",
  },
  {
    name: 'start',
    kind: 'text',
    group: WHAT,
    summary: 'State in which trials start',
    defaultText: start?.name ?? '',
  },
  {
    name: 'actors',
    kind: 'text',
    group: WHAT,
    summary: 'Actors and how many of each, such as finder=2,reclaim=1,end-io=1',
    defaultText: actorsText(start?.actors ?? []),
  },
  {
    name: 'pages',
    kind: 'text',
    group: WHAT,
    summary: 'Pages per extent_buffer, 1 to 16',
    defaultText: String(RUN_DEFAULTS.pages),
  },
  {
    name: 'read-fail',
    kind: 'text',
    group: WHAT,
    summary: 'Probability that a read fails; needs an end-io actor',
    defaultText: String(RUN_DEFAULTS.readFail),
  },
  {
    name: 'setup-fail',
    kind: 'text',
    group: WHAT,
    summary: 'Probability that a page cannot be set up to be read',
    defaultText: String(RUN_DEFAULTS.setupFail),
  },
  {
    name: 'duration',
    kind: 'text',
    group: HOW_LONG,
    summary: 'Time over all arms: 1500ms, 10s, 2m, 1h, up to 30d',
    defaultText: durationOption(RUN_DEFAULTS.durationMs),
  },
  {
    name: 'trials',
    kind: 'text',
    group: HOW_LONG,
    summary: 'Trials per arm instead, of all instances: 10, 2k, 1e6',
  },
  {
    name: 'until',
    kind: 'text',
    group: HOW_LONG,
    summary:
      'decided: end once the question is settled; violation: at the first one of a strategy that should hold; --duration is then ' +
      `the most (${durationOption(RUN_DEFAULTS.undecidedMs)})`,
  },
  {
    name: 'starts',
    kind: 'text',
    group: HOW_LONG,
    summary: 'How often to start the threads: the JIT compiler varies',
    defaultText: '10 in 10s',
  },
  {
    name: 'fold',
    kind: 'text',
    group: HOW_LONG,
    summary: 'The reduction to plan for, and to settle with --until decided',
    defaultText: String(RUN_DEFAULTS.fold),
  },
  {
    name: 'seed',
    kind: 'text',
    group: HOW,
    summary: 'Seed of all random choices, 0 to 4294967295',
    defaultText: 'random, always shown',
  },
  {
    name: 'worlds',
    kind: 'text',
    group: HOW,
    summary: 'Private sets of buffers and pages, at least 2 strides',
    defaultText: `${RUN_DEFAULTS.worlds}, or 2 strides`,
  },
  {
    name: 'stride',
    kind: 'text',
    group: HOW,
    summary: 'Trials between two rendezvous of the threads, 1 to 65536',
    defaultText: scenario?.starts.map(({ name, stride }) => `${stride} (${name})`).join(', ') ?? '',
  },
  ...placesOptions(HOW),
  {
    name: 'trylock-fail',
    kind: 'text',
    group: RATE,
    summary: 'Probability that a trylock_page fails on a free page',
    defaultText: String(RUN_DEFAULTS.trylockFail),
  },
  {
    name: 'delay',
    kind: 'list',
    group: RATE,
    summary: 'Hold actors at a point for so many ns, such as find:ref=200; may be repeated',
  },
  {
    name: 'jitter',
    kind: 'text',
    group: RATE,
    summary: 'Each actor waits 0 to so many ns before each trial',
  },
  {
    name: 'stall',
    kind: 'text',
    group: RATE,
    summary: 'Probability of a stall at each point that an actor reaches, up to 0.01',
  },
  {
    name: 'stall-max',
    kind: 'text',
    group: RATE,
    summary: 'Longest stall in ns; all magnitudes from 1000 ns on are alike',
    defaultText: String(RUN_DEFAULTS.stallMaxNs),
  },
  ...launchOptions(RATE),
  { name: 'json', kind: 'flag', group: OUTPUT, summary: 'One JSON document on stdout, the report on stderr' },
  { name: 'out', kind: 'text', group: OUTPUT, summary: 'Keep a journal in this file, written as it goes' },
  { name: 'profile', kind: 'flag', group: OUTPUT, summary: 'Also show where the time of a trial goes' },
  {
    name: 'brief',
    kind: 'flag',
    group: OUTPUT,
    summary: 'Of the report the verdict, the table and the command alone',
  },
  { name: 'quiet', kind: 'flag', group: OUTPUT, summary: 'No progress, and no report beside --json' },
];

/** Of commands that go on from their journal. */
export const RESUME: OptionSpec = {
  name: 'resume',
  kind: 'text',
  group: OUTPUT,
  summary: 'Go on from a journal, however it was left',
};

/** Of commands whose work several processes can share. */
export const SHARD: OptionSpec = {
  name: 'shard',
  kind: 'text',
  group: HOW,
  summary: 'Do part 2 of 4 of the work: 2/4; see merge',
  defaultText: 'all of it',
};

/** The end of the help. */
export const EXIT_STATUS_HELP: string = `Exit status:
    0  clean; every arm as its strategy declares
    1  violated; not as declared
    2  inconclusive: the control stayed silent, or too little ran
   64  bad input, nothing was run
   70  the harness or a strategy broke, the result could not be saved, or the
       engines disagree (compare --agree)
  130  interrupted; what was measured is printed and saved`;
