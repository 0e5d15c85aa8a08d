import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import type { ExplainResult } from '../../../src/study/explain-result.ts';
import { contradicted, explainClean, explained } from '../report/sample-explanations.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

async function explain(
  result: ExplainResult,
  ...options: string[]
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo();
  const status = await run(['explain', ...options], io, fakeEngine({ explain: () => result }));
  return { status, out: io.out(), err: io.err() };
}

describe('explain', () => {
  it.each<[string, ExplainResult, number]>([
    ['explained', explained, 1],
    ['contradicted', contradicted, 70],
    ['unexplained', { ...contradicted, verdict: 'unexplained', furthest: [] }, 2],
    ['clean', explainClean, 0],
    ['inconclusive', { ...explainClean, verdict: 'inconclusive' }, 2],
    ['interrupted', { ...explainClean, verdict: 'inconclusive', isInterrupted: true }, 130],
    ['explained, then interrupted', { ...explained, isInterrupted: true }, 1],
  ])('ends %s with its own status', async (_name, result, status) => {
    expect((await explain(result)).status).toBe(status);
  });

  it('prints the table and ends with the replay command', async () => {
    const { out } = await explain(explained);

    expect(out).toContain('CPU1: reclaim');
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      `  ebtorture replay ${explained.explanation?.schedule ?? ''}`,
    );
  });

  it('says how much of the logs it rests on where freed memory was met', async () => {
    const { explanation } = explained;
    if (explanation === null) throw new Error('it is explained');
    const { out } = await explain({ ...explained, explanation: { ...explanation, uncompared: 3 } });

    expect(out).toContain('An interleaving that agrees with 7 of 10 logged results:');
    expect(out).toContain('What was logged behind freed memory or a wait cut short is not compared.');
  });

  it('prints the logs of a contradiction, and where the actors stood', async () => {
    const { out } = await explain(contradicted);

    expect(out).toContain('NO interleaving');
    expect(out).toContain('  finder: 816 1 0 2 1 0');
    expect(out).toContain('atomic_read(eb0.refs) returns 2, the log says 7');
  });

  it('prints one JSON document', async () => {
    expect(JSON.parse((await explain(explained, '--json', '--quiet')).out)).toEqual(explained);
  });

  it('takes the control of runs in which stores wait, which no list has', async () => {
    const engine = fakeEngine();

    await run(['explain', '--strategy', 'announce-find', '--ordering', 'x86'], fakeIo(), engine);

    expect(engine.explained[0]).toMatchObject({ strategy: 'announce-find', ordering: 'x86' });
  });

  it('passes on what it is asked for', async () => {
    const engine = fakeEngine();

    await run(
      ['explain', '--strategy', 'early-check', '--start', 'cold', '--pages', '2', '--trylock-fail', '0.1'],
      fakeIo(),
      engine,
    );

    expect(engine.explained[0]).toMatchObject({
      strategy: 'early-check',
      start: 'cold',
      pages: 2,
      trylockFail: 0.1,
      hasControl: true,
    });
  });

  it.each([
    [['--strategy', 'nne'], /--strategy: unknown strategy 'nne'; did you mean none/],
    [['--duration', '0s'], /--duration: expected a time/],
    [['--profile'], /unknown option '--profile'/],
  ])('refuses %j with one line', async (options, message) => {
    const { status, out, err } = await explain(explained, ...options);

    expect(status).toBe(64);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
