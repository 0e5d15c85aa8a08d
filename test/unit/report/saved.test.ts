import { describe, expect, it } from 'vitest';
import { explainReport } from '../../../src/report/explain-report.ts';
import { jsonDocument } from '../../../src/report/json-document.ts';
import { type Paint, plain } from '../../../src/report/paint.ts';
import { compareReport, stressReport } from '../../../src/report/run-report.ts';
import { htmlPage } from '../../../src/report/saved/html-page.ts';
import { junitXml } from '../../../src/report/saved/junit.ts';
import { type Rendered, rendered } from '../../../src/report/saved/rendered.ts';
import { windowReport } from '../../../src/report/window-report.ts';
import type { CompareResult } from '../../../src/stress/result/result.ts';
import type { Rate } from '../../../src/stress/result/rate.ts';
import type { BlockResult } from '../../../src/stress/plan/block-result.ts';
import * as classes from './sample-classes.ts';
import { instanceBlock } from '../../helpers/instance-blocks.ts';
import { contradicted, fixRefuted } from './sample-decisions.ts';
import * as explanations from './sample-explanations.ts';
import * as samples from './sample-results.ts';
import { undecided } from './sample-undecided.ts';
import { windowFlat, windowOfNone, windowOfUpstream, windowPlaced } from './sample-window.ts';

function renderedOf(result: object, file = 'run.json'): Rendered {
  return rendered(file, jsonDocument(result), plain);
}

const loud: Paint = (tone, text) => `<${tone}>${text}</>`;

/** Blocks whose rates, round trips and starts differ. */
function withBlocks(result: CompareResult): CompareResult {
  const arms = result.arms.map((arm, index) => {
    const blockResults = Array.from({ length: 6 }, (_, at): BlockResult => {
      const rejected = at === 0 ? 'warm-up' : null;
      const seen = { violations: at === 3 ? 0 : 10 ** at, roundTripNs: at === 4 ? null : 100 + 80 * at };
      return {
        order: 4 * at + index,
        round: at,
        start: at >> 1,
        seed: at,
        seconds: 0.2,
        trials: 1e6,
        host: null,
        rejected,
        ...seen,
      };
    });
    return { ...arm, blockResults };
  });
  const rates = arms.map(({ rate }): Rate => ({ ...rate, blocks: 3 }));
  const placements = [
    { roundTripNs: 108, blocks: 12, rates },
    { roundTripNs: 472, blocks: 12, rates: [null, ...rates.slice(1)] },
  ];
  return { ...result, arms, placements };
}

/** Names of the elements that are open at the end, or closed in another order than they were opened. */
function unbalanced(markup: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9-]*)(?:\s[^<>]*)?>/g)) {
    if (name === 'meta') continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return open;
}

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
    expect(rendered('run.json', jsonDocument(result), loud).text).toBe(text);
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
    [samples.stressViolated, 'failed'],
    [samples.stressUncontrolled, 'undecided'],
    [windowOfUpstream, 'passed'],
    [windowFlat, 'undecided'],
    [explanations.explainClean, 'passed'],
    [explanations.explained, 'failed'],
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
    ['{"schema":"ebtorture.compare/1"}', /^lacks parts of a ebtorture\.compare\/1 document/],
    [jsonDocument({ ...samples.asDeclared, arms: [{}] }), /^lacks parts/],
    ['{"schema":"ebtorture.explore/1","scenario":"other","violations":[]}', /^lacks parts/],
  ])('says what is wrong with a file: %#', (content, message) => {
    expect(() => rendered('run.json', content, plain)).toThrow(message);
  });
});

describe('htmlPage', () => {
  const all = [
    withBlocks(samples.asDeclared),
    samples.fixViolated,
    samples.interrupted,
    samples.stressClean,
    classes.placed,
    windowOfNone,
    windowPlaced,
    windowOfUpstream,
    explanations.explained,
  ].map((result, index) => renderedOf(result, `run-${index}.json`));
  const page = htmlPage(all);

  it('needs nothing else, and is the same every time', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/);
    expect(htmlPage(all)).toBe(page);
  });

  it('is well-formed, with a section and a line of the summary for every result', () => {
    expect(unbalanced(page)).toEqual([]);
    for (const index of all.keys()) {
      expect(page).toContain(`<section id="result-${index + 1}">`);
      expect(page).toContain(`href="#result-${index + 1}"`);
      expect(page).toContain(`<code>run-${index}.json</code>`);
    }
  });

  it('draws numbers that are numbers, inside their frame', () => {
    expect(page).not.toMatch(/="[^"]*(?:NaN|Infinity|undefined)/);
    expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(5);
    for (const [, x] of page.matchAll(/ (?:c?x[12]?)="([^"]+)"/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThanOrEqual(720);
    }
    for (const [, y] of page.matchAll(/ (?:c?y[12]?)="([^"]+)"/g))
      expect(Number(y)).toBeGreaterThanOrEqual(0);
  });

  it('draws every block that ran, hollow where it was left out, and the line where threads start anew', () => {
    const { charts } = renderedOf(withBlocks(samples.asDeclared));
    expect(charts).toHaveLength(2);
    expect(charts[1]?.match(/class="s\d(?: out)?" cx="[^"]+" cy="[^"]+" r="3"/g)).toHaveLength(24);
    expect(charts[1]?.match(/class="s\d out"/g)).toHaveLength(4);
    expect(charts[1]?.match(/class="start"/g)).toHaveLength(2);
    expect(charts[1]?.match(/class="trip"/g)).toHaveLength(20);
  });

  it('draws the rates of each placement by itself, and calls their mixture one', () => {
    const { charts } = renderedOf(classes.placed);
    const [rates = ''] = charts;
    expect(rates).toContain('by placement of the actors');
    for (const text of ['upstream, mixed', 'none, mixed']) expect(rates).toContain(`>${text}<`);
    for (const text of ['sibling', 'l3', 'far'])
      expect(rates.match(new RegExp(`>${text}<`, 'g'))).toHaveLength(2);
  });

  it('draws blocks hollow that one instance played alone', () => {
    const [arm] = samples.asDeclared.arms;
    if (arm === undefined) throw new Error('no arm');
    const blockResults = Array.from({ length: 12 }, (_, round) =>
      instanceBlock({
        round,
        start: 0,
        instances: [{ instance: 0, trials: 1e6, violations: 9 }],
        ...(round % 4 === 3 && { alone: true }),
      }),
    );
    const { charts } = renderedOf({ ...samples.asDeclared, arms: [{ ...arm, blockResults }] });
    expect(charts[1]?.match(/class="s0"[^>]*r="3"/g)).toHaveLength(9);
    expect(charts[1]?.match(/class="s0 out"/g)).toHaveLength(3);
  });

  it('draws some of the blocks of a run of hours, and says so', () => {
    const [arm] = samples.asDeclared.arms;
    if (arm === undefined) throw new Error('no arm');
    const block = {
      start: 0,
      seed: 1,
      seconds: 0.2,
      trials: 1e6,
      violations: 9,
      roundTripNs: 110,
      host: null,
      rejected: null,
    };
    const blockResults = Array.from({ length: 200_000 }, (_, round): BlockResult => ({
      ...block,
      order: round,
      round,
    }));
    const { charts } = renderedOf({ ...samples.asDeclared, arms: [{ ...arm, blockResults }] });
    expect(charts[1]).toContain('the blocks of every 100th round');
    expect(charts[1]?.match(/r="3"/g)).toHaveLength(2_000);
  });

  it('colors the words that a terminal colors, and nothing else is markup', () => {
    const [first] = samples.asDeclared.arms;
    if (first === undefined) throw new Error('no arm');
    const named = {
      ...samples.asDeclared,
      arms: [{ ...first, strategy: '<i>&"x' }, ...samples.asDeclared.arms.slice(1)],
    };
    const one = htmlPage([renderedOf(named, '<u>.json')]);
    expect(one).toContain('<b class="good">AS DECLARED</b>');
    expect(one).toContain('&lt;i&gt;&amp;&quot;x');
    expect(one).not.toMatch(/<i>|<u>/);
    expect(unbalanced(one)).toEqual([]);
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

  it('holds the text of the run, without what XML cannot write', () => {
    const xml = junitXml([
      { ...renderedOf(samples.asDeclared), text: 'a \u001B[32mgreen\u001B[39m < b\u0000\uD800' },
    ]);
    expect(xml).toContain('<system-out>a green &lt; b\uFFFD\uFFFD</system-out>');
  });
});
