/**
 * Results as JUnit XML, which CI systems show as tests: a suite per file, a case for its verdict and for each arm or
 * mutant. A failure is a case that violated what was declared; an error one that shows nothing, which must not pass.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Case } from './case.ts';
import { element, escaped } from './markup.ts';
import type { Rendered } from './rendered.ts';

/** The document of results, in their order. */
export function junitXml(results: readonly Rendered[]): string {
  const suites = results.map(suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'ebtorture', ...counts(results.flatMap(({ cases }) => cases)) }, ['\n', ...suites])}\n`;
}

function suite({ file, title, cases, text }: Rendered): string {
  const parts = [
    ...cases.map((each) => `  ${caseElement(each, title)}\n`),
    `  ${element('system-out', {}, [escaped(stripVTControlCharacters(text))])}\n`,
  ];
  return `${element('testsuite', { name: title, file, ...counts(cases) }, ['\n', ...parts])}\n`;
}

function counts(cases: readonly Case[]): Readonly<Record<string, string>> {
  const count = (state: Case['state']): string => String(cases.filter((each) => each.state === state).length);
  return { tests: String(cases.length), failures: count('failed'), errors: count('undecided') };
}

function caseElement({ name, state, reason }: Case, title: string): string {
  const message =
    state === 'passed'
      ? []
      : [element(state === 'failed' ? 'failure' : 'error', { message: reason, type: state })];
  return element('testcase', { name, classname: title }, message);
}
