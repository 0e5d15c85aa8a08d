import type { WindowJournal, WindowRecord } from '../../stress/window/window-record.ts';
import type { Journal } from './journal.ts';
import type { BodyRecord } from './records.ts';

/** The journal of a profile; undefined without one. */
export function windowKeeper(journal: Journal | undefined): WindowJournal | undefined {
  if (journal === undefined) return undefined;
  return {
    begin: async (head, machine, take) => {
      const begun = await journal.begin({ command: 'window', machine, head });
      for await (const record of begun.records) {
        if (isOfWindow(record)) take(record);
      }
      return begun;
    },
    add: (record) => journal.add(record),
  };
}

/** Whether it is of the visits of a profile. */
export function isOfWindow(record: BodyRecord): record is WindowRecord {
  return ['start', 'offsets', 'visits'].includes(record.kind);
}
