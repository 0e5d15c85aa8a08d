import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junitXml } from '../../../src/report/saved/junit.ts';
import { fixRefuted } from './sample-decisions.ts';
import { pageResults, renderedOf } from './sample-page.ts';
import * as samples from './sample-results.ts';

const schema = readFileSync(new URL('../../schema/junit.xsd', import.meta.url), 'utf8');

/** What the schema has against a document. */
async function faultsIn(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml, schema });
  return errors.map(({ message }) => message);
}

const measured = {
  ...fixRefuted,
  environment: { ...fixRefuted.environment, host: 'box', startedAt: '2026-11-22T10:00:00.123+02:00' },
};
const all = [...pageResults, measured, samples.fixViolated, samples.silentControl, samples.interrupted];

describe('junitXml', () => {
  it('is valid by what its readers have in common, for results of every kind', async () => {
    const xml = junitXml(all.map((result, index) => renderedOf(result, `run-${index}.json`)));
    expect(xml).toMatch(/<failure [^]*<error /);
    expect(xml).toContain(' timestamp="2026-11-22T08:00:00" hostname="box"');
    expect(await faultsIn(xml)).toEqual([]);
    expect(await faultsIn(junitXml([]))).toEqual([]);
  });

  it('is judged by a schema that finds faults', async () => {
    const xml = junitXml([renderedOf(measured)]);
    const planted: readonly (readonly [RegExp, string])[] = [
      [/ timestamp="([^"]+)"/, ' timestamp="$1Z"'],
      [/(<testcase [^>]*) time="[^"]+"/, '$1'],
      [/(<testsuite [^>]*) tests="\d+"/, '$1'],
      [/(<testsuite [^>]*) time="[^"]+"/, '$1 time="1,234.5"'],
      [/( {2}<properties>[^]*<\/properties>\n)([^]*)(<\/testsuite>)/, '$2$1$3'],
      [/<property name="seed" value="[^"]*">/, '<property name="seed">'],
    ];
    for (const [from, to] of planted) {
      const broken = xml.replace(from, to);
      expect(broken).not.toBe(xml);
      expect(await faultsIn(broken)).not.toEqual([]);
    }
  });
});
