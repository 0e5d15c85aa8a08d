/** One line of a journal, checked: whoever goes on from it need not look whether it is what its type says. */
import { objectionTo, type SchemaName } from '../../schema/objection.ts';
import { parsedJson } from '../../schema/parsed-json.ts';
import { JournalError } from './journal.ts';
import type { Line } from './lines.ts';
import { type BodyRecord, type HeaderRecord, JOURNAL_FORMAT } from './records.ts';

/** How a journal begins, of whatever version. */
export const JOURNAL_BEGINS = '{"journal":';
const FORMAT = /^ebtorture\.journal\/\d+$/;

const HEADERS: Readonly<Record<HeaderRecord['command'], SchemaName>> = {
  compare: 'journal-header-compare',
  stress: 'journal-header-stress',
  explain: 'journal-header-explain',
  window: 'journal-header-window',
  explore: 'journal-header-search',
  replay: 'journal-header-search',
  mutate: 'journal-header-mutate',
  history: 'journal-header-history',
  hunt: 'journal-header-hunt',
  cpus: 'journal-header-search',
  diff: 'journal-header-search',
};

const BODIES: Readonly<Record<BodyRecord['kind'], SchemaName>> = {
  block: 'journal-block',
  start: 'journal-start',
  look: 'journal-look',
  tuning: 'journal-tuning',
  calibration: 'journal-calibration',
  offsets: 'journal-offsets',
  visits: 'journal-visits',
  arm: 'journal-arm',
  explanation: 'journal-explanation',
  chunk: 'journal-chunk',
  finding: 'journal-finding',
  hunted: 'journal-hunted',
  surveyed: 'journal-surveyed',
  mutant: 'journal-mutant',
  race: 'journal-race',
  played: 'journal-played',
  cell: 'journal-cell',
  document: 'journal-document',
  verdict: 'journal-verdict',
};

/**
 * The first line.
 * @throws {JournalError} If it is none of this version.
 */
export function headerIn(line: Line): HeaderRecord {
  const value = objectIn(line);
  const format = value['journal'];
  if (format !== JOURNAL_FORMAT) {
    throw new JournalError(
      typeof format === 'string' && FORMAT.test(format)
        ? `it is ${format}, and this version reads ${JOURNAL_FORMAT}; read it with the version that has written it`
        : 'it is no journal of ebtorture',
    );
  }
  const schema = ownValue(HEADERS, value['command']);
  if (schema === undefined) throw new JournalError('line 1: it is of no command that writes journals');
  requireAs(line, schema, value);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema is made of that type
  return value as unknown as HeaderRecord;
}

/**
 * Any other line.
 * @throws {JournalError} If it is none.
 */
export function recordIn(line: Line): BodyRecord {
  const value = objectIn(line);
  const schema = ownValue(BODIES, value['kind']);
  if (schema === undefined) throw new JournalError(`line ${line.number}: it is of no kind that there is`);
  requireAs(line, schema, value);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
  return value as unknown as BodyRecord;
}

function objectIn({ text, number }: Line): Readonly<Record<string, unknown>> {
  try {
    const value = parsedJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new JournalError(`line ${number} is no JSON object`);
}

function requireAs({ number }: Line, schema: SchemaName, value: object): void {
  const objection = objectionTo(schema, value);
  if (objection !== undefined) throw new JournalError(`line ${number}: ${objection}`);
}

/** The value of a key that the object has of its own. */
function ownValue<Value>(of: Readonly<Record<string, Value>>, key: unknown): Value | undefined {
  return typeof key === 'string' && Object.hasOwn(of, key) ? of[key] : undefined;
}
