import { jsonDocument } from '../../report/json-document.ts';
import { listing, TOPICS } from '../../report/listing.ts';
import { listingReport } from '../../report/listing-report.ts';
import { scenarioNamed } from '../../catalog/registry.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import { parseName } from '../parse.ts';
import { OUTPUT, RUN_OPTIONS, WHAT } from '../run-options.ts';

/** `ebtorture list`: what can be named on the command line, with its kernel references. */
export const list: Command = {
  name: 'list',
  summary: 'List what can be named on the command line',
  positionals: [{ name: 'topic', summary: `One of ${TOPICS.join(', ')}` }],
  options: [
    {
      name: 'scenario',
      kind: 'text',
      group: WHAT,
      summary: 'List what there is in this one, by name, or path of a module',
    },
    ...RUN_OPTIONS.filter(({ name }) => name === 'kernel'),
    { name: 'json', kind: 'flag', group: OUTPUT, summary: 'One JSON document on stdout' },
  ],
  examples: [
    ['ebtorture list', 'everything'],
    ['ebtorture list points', 'where --delay can hold an actor'],
    ['ebtorture list --scenario ./my-race.mjs', 'its starts, outcomes, actors and checks'],
  ],
  epilogue: `Exit status:
  0 printed, 64 usage`,
  run: async (args, { io }) => {
    const text = args.text('topic');
    const topic = text === undefined ? undefined : parseName('list', text, { kind: 'topic', known: TOPICS });
    const scenario = args.text('scenario');
    const document = listing(topic, scenario === undefined ? undefined : scenarioNamed(scenario));
    await io.stdout.write(args.flag('json') ? jsonDocument(document) : listingReport(document));
    return ExitStatus.Ok;
  },
};
