/**
 * Results as JUnit XML, which CI systems show as tests: a suite per file, a case for its verdict and for each arm or
 * mutant. A failure is a case that did not do what was declared; an error one that shows nothing, which must not pass.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Case } from './case.ts';
import { commandOf, replayCommands } from './commands.ts';
import { element, escaped } from './markup.ts';
import { provenanceOf } from './provenance.ts';
import type { Rendered, Saved } from './rendered.ts';

/** As the common schema has them: no zone, which is UTC. */
const SECONDS_OF_ISO = 'YYYY-MM-DDTHH:MM:SS'.length;

/** The document of results, in their order. */
export function junitXml(results: readonly Rendered[]): string {
  const suites = results.map(suite);
  const seconds = results.reduce((sum, { saved }) => sum + secondsOf(saved), 0);
  const attributes = {
    name: 'ebtorture',
    ...counts(results.flatMap(({ cases }) => cases)),
    time: seconds.toFixed(3),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, ['\n', ...suites])}\n`;
}

function suite({ file, title, detail, cases, text, saved }: Rendered): string {
  const { date, hostname } = provenanceOf(saved.document);
  const seconds = secondsOf(saved).toFixed(3);
  const parts = [
    `  ${element('properties', {}, propertiesOf(saved))}\n`,
    ...cases.map((each, index) => `  ${caseElement(each, title, index === 0 ? seconds : '0')}\n`),
    `  ${element('system-out', {}, [escaped(stripVTControlCharacters(text))])}\n`,
  ];
  const attributes = {
    name: `${title} (${detail})`,
    file,
    ...counts(cases),
    time: seconds,
    ...(date !== null && { timestamp: utcOf(date) }),
    ...(hostname !== null && { hostname }),
  };
  return `${element('testsuite', attributes, ['\n', ...parts])}\n`;
}

function counts(cases: readonly Case[]): Readonly<Record<string, string>> {
  const count = (state: Case['state']): string => String(cases.filter((each) => each.state === state).length);
  return { tests: String(cases.length), failures: count('failed'), errors: count('undecided') };
}

/** What runs it again, what replays its violations, and where it ran. */
function propertiesOf(saved: Saved): string[] {
  const { document } = saved;
  const environment = 'environment' in document ? document.environment : undefined;
  const seed = 'config' in document ? document.config.seed : undefined;
  const given: readonly (readonly [string, string | null | undefined])[] = [
    ['schema', saved.schema],
    ['command', commandOf(saved)],
    ...replayCommands(saved).map((command) => ['replay', command] as const),
    ['seed', seed === undefined || seed === null ? undefined : String(seed)],
    ['version', environment?.version],
    ['commit', environment?.commit],
    ['node', environment?.node],
    ['cpu', environment?.cpuModel],
    ['kernel', provenanceOf(document).kernelRelease],
  ];
  return given.flatMap(([name, value]) =>
    value === undefined || value === null || value === '' ? [] : [element('property', { name, value })],
  );
}

function secondsOf({ document }: Saved): number {
  return 'elapsedMs' in document && document.elapsedMs > 0 ? document.elapsedMs / 1000 : 0;
}

/** The time itself where it is none. */
function utcOf(date: string): string {
  const time = Date.parse(date);
  return Number.isNaN(time) ? date : new Date(time).toISOString().slice(0, SECONDS_OF_ISO);
}

function caseElement({ name, state, reason }: Case, title: string, seconds: string): string {
  const message =
    state === 'passed'
      ? []
      : [element(state === 'failed' ? 'failure' : 'error', { message: reason, type: state })];
  return element('testcase', { name, classname: title, time: seconds }, message);
}
