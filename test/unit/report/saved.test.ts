import { describe, expect, it } from 'vitest';
import { unbalanced } from '../../helpers/unbalanced.ts';
import { explainReport } from '../../../src/report/explain-report.ts';
import { jsonDocument } from '../../../src/report/json-document.ts';
import { type Paint, plain } from '../../../src/report/paint.ts';
import { compareReport, stressReport } from '../../../src/report/run-report.ts';
import { junitXml } from '../../../src/report/saved/junit.ts';
import { type Rendered, rendered } from '../../../src/report/saved/rendered.ts';
import { parseSaved } from '../../../src/report/saved/saved-result.ts';
import { windowReport } from '../../../src/report/window-report.ts';
import * as classes from './sample-classes.ts';
import { contradicted, fixRefuted } from './sample-decisions.ts';
import * as explanations from './sample-explanations.ts';
import { exploredNone } from './sample-page.ts';
import * as samples from './sample-results.ts';
import { undecided } from './sample-undecided.ts';
import { windowFlat, windowOfNone, windowOfUpstream, windowPlaced } from './sample-window.ts';

function renderedOf(result: object, file = 'run.json'): Rendered {
  return rendered(file, parseSaved(jsonDocument(result)), plain);
}

const loud: Paint = (tone, text) => `<${tone}>${text}</>`;

describe('rendered', () => {
  it.each([
    ['compare', samples.asDeclared, compareReport(samples.asDeclared, loud)],
    ['compare', fixRefuted, compareReport(fixRefuted, loud)],
    ['stress', samples.stressViolated, stressReport(samples.stressViolated, loud)],
    ['stress', classes.placed, stressReport(classes.placed, loud)],
    ['window', windowOfNone, windowReport(windowOfNone, loud)],
    ['window', windowPlaced, windowReport(windowPlaced, loud)],
    ['explain', explanations.explained, explainReport(explanations.explained, loud)],
  ])('gives the text of %s again byte for byte', (_, result, text) => {
    expect(rendered('run.json', parseSaved(jsonDocument(result)), loud).text).toBe(text);
  });

  it.each([
    [samples.asDeclared, 'passed'],
    [samples.silentControl, 'undecided'],
    [samples.fixViolated, 'failed'],
    [samples.interrupted, 'undecided'],
    [undecided, 'undecided'],
    [fixRefuted, 'failed'],
    [contradicted, 'undecided'],
    [samples.stressClean, 'passed'],
    [classes.placed, 'passed'],
    [samples.stressViolated, 'passed'],
    [samples.stressUncontrolled, 'undecided'],
    [windowOfUpstream, 'passed'],
    [windowFlat, 'undecided'],
    [explanations.explainClean, 'passed'],
    [explanations.explained, 'passed'],
    [explanations.contradicted, 'undecided'],
  ])('knows what a result says: %#', (result, state) => {
    expect(renderedOf(result).state).toBe(state);
  });

  it.each([
    [samples.asDeclared, 'compare none, early-check, locked-io-pages, upstream'],
    [samples.stressClean, 'stress upstream'],
    [windowOfUpstream, 'window upstream'],
    [explanations.explained, 'explain none'],
  ])('says what it is of: %#', (result, title) => {
    expect(renderedOf(result).title).toBe(title);
  });

  it('passes no run that was interrupted, whatever its verdict', () => {
    expect(renderedOf({ ...samples.asDeclared, isInterrupted: true }).state).toBe('undecided');
    expect(renderedOf({ ...windowOfUpstream, isInterrupted: true }).state).toBe('undecided');
  });

  it.each([
    ['', /^no whole JSON document; give a file that --out has saved$/],
    [jsonDocument(samples.asDeclared).slice(0, 500), /^no whole JSON document/],
    ['[]', /^a document without a schema; this version renders ebtorture\.compare\/1, /],
    ['null', /^a document without a schema/],
    [
      '{"schema":"ebtorture.compare/2"}',
      /^a document of the schema 'ebtorture\.compare\/2'; this version renders/,
    ],
    ['{"schema":"toString"}', /^a document of the schema 'toString'/],
    ['{"schema":"ebtorture.compare/1"}', /^not as a ebtorture\.compare\/1 document is: it has no 'arms'/],
    [jsonDocument({ ...samples.asDeclared, arms: [{}] }), /: arms\.0 has no 'strategy'/],
    [
      '{"schema":"ebtorture.explore/1","scenario":"other","violations":[]}',
      /^not as a ebtorture\.explore\/1/,
    ],
  ])('says what is wrong with a file: %#', (content, message) => {
    expect(() => parseSaved(content)).toThrow(message);
  });
});

describe('junitXml', () => {
  it('has a case for the verdict and each arm; what shows nothing is an error, not a pass', () => {
    const xml = junitXml([
      renderedOf(samples.fixViolated, 'a.json'),
      renderedOf(samples.silentControl, 'b.json'),
    ]);
    expect(unbalanced(xml)).toEqual([]);
    const arms = [...samples.fixViolated.arms, ...samples.silentControl.arms];
    expect(xml.match(/<testcase /g)).toHaveLength(2 + arms.length);
    expect(xml).toMatch(
      /<testcase name="verdict"[^>]*><failure message="[^"]+ is declared to hold, and has [^"]+"/,
    );
    expect(xml).toMatch(/<testcase name="verdict"[^>]*><error message="[^"]+" type="undecided"><\/error>/);
    const [, tests, failures, errors] = /tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(xml) ?? [];
    expect([tests, failures, errors].map(Number)).toEqual([
      xml.match(/<testcase /g)?.length,
      xml.match(/<failure /g)?.length,
      xml.match(/<error /g)?.length,
    ]);
  });

  it('has when, where and for how long it ran, and the commands that run it again and replay its violations', () => {
    const measured = {
      ...fixRefuted,
      environment: {
        ...fixRefuted.environment,
        host: 'box<1>',
        kernelRelease: '6.12.0',
        startedAt: '2026-11-22T10:00:00.123+02:00',
      },
    };
    const xml = junitXml([renderedOf(measured, 'a.json')]);
    const seconds = (fixRefuted.elapsedMs / 1000).toFixed(3);
    const witness = fixRefuted.arms.flatMap(({ proof }) => proof?.witness ?? [])[0] ?? 'none';

    expect(unbalanced(xml)).toEqual([]);
    expect(xml).toContain(` time="${seconds}" timestamp="2026-11-22T08:00:00" hostname="box&lt;1&gt;">`);
    expect(xml).toMatch(/<testsuite [^>]*>\n {2}<properties><property name="schema" /);
    expect(xml).toContain(`<property name="seed" value="${fixRefuted.config.seed}">`);
    expect(xml).toMatch(/<property name="command" value="ebtorture compare [^"]*">/);
    expect(xml).toContain(`<property name="replay" value="ebtorture replay ${witness}">`);
    expect(xml).toContain('<property name="kernel" value="6.12.0">');
    for (const [, attributes = ''] of xml.matchAll(/<test(?:case|suite|suites) ([^>]*)>/g))
      expect(attributes).toMatch(/ time="\d+(?:\.\d+)?"/);
    // Older documents do not say when and where.
    expect(junitXml([renderedOf(fixRefuted)])).not.toMatch(/timestamp=|hostname=/);
  });

  it('does not count a control that violates as a failure', () => {
    const xml = junitXml([
      renderedOf(samples.stressViolated),
      renderedOf(explanations.explained),
      renderedOf(exploredNone),
    ]);
    expect(xml).toMatch(/<testsuites name="ebtorture" tests="\d+" failures="0" errors="0"/);
    const fix = samples.stressViolated.arms.map((arm) => ({ ...arm, expectation: 'holds' as const }));
    expect(junitXml([renderedOf({ ...samples.stressViolated, arms: fix })])).toContain('failures="1"');
  });

  it('holds the text of the run, without what XML cannot write', () => {
    const xml = junitXml([
      { ...renderedOf(samples.asDeclared), text: 'a \u001B[32mgreen\u001B[39m < b\u0000\uD800' },
    ]);
    expect(xml).toContain('<system-out>a green &lt; b\uFFFD\uFFFD</system-out>');
  });
});
