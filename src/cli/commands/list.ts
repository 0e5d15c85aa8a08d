import { jsonDocument } from '../../report/json-document.ts';
import { listing, TOPICS } from '../../report/listing.ts';
import { listingReport } from '../../report/listing-report.ts';
import type { Command } from '../command.ts';
import { ExitStatus } from '../exit-status.ts';
import { parseName } from '../parse.ts';
import { OUTPUT } from '../run-options.ts';

/** `ebtorture list`: what can be named on the command line, with its kernel references. */
export const list: Command = {
  name: 'list',
  summary: 'List what can be named on the command line',
  positionals: [{ name: 'topic', summary: `One of ${TOPICS.join(', ')}` }],
  options: [{ name: 'json', kind: 'flag', group: OUTPUT, summary: 'One JSON document on stdout' }],
  examples: [
    ['ebtorture list', 'everything'],
    ['ebtorture list points', 'where --delay can hold an actor'],
  ],
  epilogue: `Exit status:
  0 printed, 64 usage`,
  run: async (args, { io }) => {
    const text = args.text('topic');
    const document = listing(
      text === undefined ? undefined : parseName('list', text, { kind: 'topic', known: TOPICS }),
    );
    await io.stdout.write(args.flag('json') ? jsonDocument(document) : listingReport(document));
    return ExitStatus.Ok;
  },
};
