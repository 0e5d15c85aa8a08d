import { describe, expect, it } from 'vitest';
import { explainReport } from '../../src/report/explain-report.ts';
import { listing } from '../../src/report/listing.ts';
import { listingReport } from '../../src/report/listing-report.ts';
import { plain } from '../../src/report/paint.ts';
import { compareReport, stressReport } from '../../src/report/run-report.ts';
import * as classes from '../unit/report/sample-classes.ts';
import * as decisions from '../unit/report/sample-decisions.ts';
import * as explanations from '../unit/report/sample-explanations.ts';
import * as samples from '../unit/report/sample-results.ts';
import { undecided } from '../unit/report/sample-undecided.ts';

describe('reports', () => {
  it.each([
    ['compare-as-declared', samples.asDeclared],
    ['compare-fix-violated', samples.fixViolated],
    ['compare-silent-control', samples.silentControl],
    ['compare-one-control-silent', samples.oneControlSilent],
    ['compare-interrupted', samples.interrupted],
    ['compare-undecided', undecided],
    ['compare-placed-silently', classes.placedSilently],
    ['compare-decided', decisions.decided],
    ['compare-fix-refuted', decisions.fixRefuted],
    ['compare-contradicted', decisions.contradicted],
  ])('%s', async (name, result) => {
    await expect(compareReport(result, plain)).toMatchFileSnapshot(`${name}.txt`);
  });

  it.each([
    ['stress-violated', samples.stressViolated],
    ['stress-clean', samples.stressClean],
    ['stress-uncontrolled', samples.stressUncontrolled],
    ['stress-placed', classes.placed],
    ['stress-oversubscribed', classes.oversubscribed],
  ])('%s', async (name, result) => {
    await expect(stressReport(result, plain)).toMatchFileSnapshot(`${name}.txt`);
  });

  it.each([
    ['explain-explained', explanations.explained],
    ['explain-contradicted', explanations.contradicted],
    ['explain-clean', explanations.explainClean],
  ])('%s', async (name, result) => {
    await expect(explainReport(result, plain)).toMatchFileSnapshot(`${name}.txt`);
  });

  it('list', async () => {
    await expect(listingReport(listing())).toMatchFileSnapshot('list.txt');
  });
});
