import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { schemaTexts } from '../../../scripts/schemas/generate.ts';
import { tightened } from '../../../scripts/schemas/tighten.ts';
import { objectionTo } from '../../../src/schema/objection.ts';
import { diffResults } from '../../../src/study/diff/diff.ts';
import * as classes from '../report/sample-classes.ts';
import { cpusMeasured } from '../report/sample-cpus.ts';
import * as explanations from '../report/sample-explanations.ts';
import { comparedInAll } from '../report/sample-orderings.ts';
import * as samples from '../report/sample-results.ts';
import { windowOfNone } from '../report/sample-window.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('schemas', () => {
  it('are what the types say: `npm run schemas` changes nothing', () => {
    const made = schemaTexts(ROOT);

    expect(readdirSync(`${ROOT}/schemas`).toSorted()).toEqual([...made.keys()].toSorted());
    for (const [name, text] of made) {
      const isSame = readFileSync(`${ROOT}/schemas/${name}`, 'utf8') === text;
      expect(isSame, `${name} is not what its type says; npm run schemas`).toBe(true);
    }
  });

  it.each([
    ['compare', samples.asDeclared],
    ['compare', samples.interrupted],
    ['compare', comparedInAll()],
    ['stress', samples.stressViolated],
    ['stress', classes.placed],
    ['window', windowOfNone],
    ['explain', explanations.contradicted],
    ['cpus', cpusMeasured],
  ] as const)('let a result of %s in, and none with a field more, or less', (name, result) => {
    const written = JSON.parse(JSON.stringify(result)) as Record<string, unknown>;
    const { environment: _environment, ...less } = written;

    expect(objectionTo(name, written)).toBeUndefined();
    expect(objectionTo(name, { ...written, more: 1 })).toBe('it has a field that is none of its own');
    expect(objectionTo(name, less)).toBe("it has no 'environment'");
  });

  it('let what two results differ in come in, with positions below 0 and what has no end', () => {
    const document = diffResults(
      { file: 'a', schema: windowOfNone.schema, document: windowOfNone },
      { file: 'b', schema: windowOfNone.schema, document: { ...windowOfNone, strategy: 'other' } },
      { margin: 0.1 },
    );
    expect(objectionTo('diff', JSON.parse(JSON.stringify(document)))).toBeUndefined();
  });

  it('say what types do not: what is not below 0, is whole, and has no unseen characters', () => {
    const schema = tightened({
      type: 'object',
      properties: {
        trials: { type: 'number' },
        offsetNs: { type: 'number' },
        share: { type: 'number' },
        name: { type: 'string' },
      },
      additionalProperties: false,
    });

    expect(schema).toMatchObject({
      properties: {
        trials: { type: 'integer', minimum: 0 },
        share: { type: 'number', minimum: 0 },
        offsetNs: { type: 'number' },
        name: { type: 'string', not: { type: 'string' } },
      },
    });
    expect(schema['properties']).not.toHaveProperty('offsetNs.minimum');
  });
});
