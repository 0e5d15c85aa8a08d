import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import type { HuntResult } from '../../../src/study/hunt/hunt-result.ts';
import { journalText, MACHINE } from '../../helpers/sample-journal.ts';
import { savedDocument } from '../../helpers/saved-document.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-hunt-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function ebtorture(
  line: string,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const io = fakeIo({ cwd });
  const status = await run(line.split(' '), io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

const saved = async (name: string): Promise<HuntResult> => savedDocument(join(cwd, name));
const keysOf = ({ findings }: HuntResult): readonly string[] => findings.map(({ key }) => key);
const SEED_RACE = '--kernel 5.7 --size 2 --only readahead,reclaim';

describe('ebtorture hunt', () => {
  it('finds the race of the seed commit from two operations, and what it shows is taken by other commands', async () => {
    const mine = join(cwd, 'my-fix.mjs');
    writeFileSync(mine, 'export default (Base) => class extends Base {};');
    const { status, out, err } = await ebtorture(
      `hunt ${SEED_RACE} --strategies none,upstream,${mine} --out h.jsonl --save-scenario race.mjs`,
    );
    const result = await saved('h.jsonl');
    const [first] = result.findings;

    expect(err).toBe(
      `saved ${result.findings.map((_, index) => join(cwd, index === 0 ? 'race.mjs' : `race-${index + 1}.mjs`)).join(', ')}\n`,
    );
    expect(status).toBe(1);
    expect(result.findings.map(({ invariant }) => invariant)).toContain('B1');
    expect(result.sizes).toHaveLength(1);
    expect(result.sizes[0]).toMatchObject({ size: 2, programs: result.sizes[0]?.total, bounded: 0 });
    expect(out).toMatch(/^Verdict: FOUND: /m);
    expect(out.split('\n').filter((line) => line.length > 80 && !/replay|refs \d/.test(line))).toEqual([]);
    const index = result.findings.findIndex(({ invariant }) => invariant === 'B1');
    expect(result.matrix?.map(({ strategy, cells }) => [strategy, cells[index]])).toEqual([
      ['none', 'open'],
      ['upstream', 'closed'],
      [mine, 'open'],
    ]);

    const replayed = await ebtorture(`replay ${first?.witness?.schedule ?? ''}`);
    expect(replayed.status).toBe(1);
    expect(replayed.out).toContain('BUG: ');
    const explored = await ebtorture(`explore --scenario ${first?.program ?? ''} --strategy none`);
    expect(explored.status).toBe(1);
    expect(explored.out).toContain(`Verdict: VIOLATED: ${first?.invariant ?? ''}`);
    const fromFile = await ebtorture(`explore --scenario ${join(cwd, 'race.mjs')} --strategy none`);
    expect(fromFile.status).toBe(1);
    expect(fromFile.out).toContain(`Verdict: VIOLATED: ${first?.invariant ?? ''}`);
    const reported = await ebtorture('report h.jsonl');
    expect(reported.out).toContain('Verdict: FOUND');

    // Known from there: not found again.
    const known = await ebtorture(`hunt ${SEED_RACE} --baseline h.jsonl --out again.json`);
    expect(known.status).toBe(0);
    expect(await saved('again.json')).toMatchObject({
      verdict: 'complete',
      findings: [],
      known: keysOf(result).length,
    });
    expect(known.out).toContain('Verdict: NOTHING FOUND');

    // As it was left, with a line cut: the same, and a larger size from there.
    appendFileSync(join(cwd, 'h.jsonl'), '{"kind":"chunk","si');
    const resumed = await ebtorture('hunt --resume h.jsonl');
    expect(resumed.status).toBe(1);
    const { elapsedMs: _, ...whole } = result;
    expect(await saved('h.jsonl')).toMatchObject(whole);
    // Cut before its result: what it had settled.
    const text = readFileSync(join(cwd, 'h.jsonl'), 'utf8');
    writeFileSync(join(cwd, 'cut.jsonl'), text.slice(0, text.indexOf('{"kind":"document"')));
    expect(await saved('cut.jsonl')).toMatchObject({
      verdict: 'found',
      isInterrupted: true,
      sizes: result.sizes,
      findings: result.findings,
      repeated: result.repeated,
      rules: result.rules,
    });
  });

  it('finds nothing there in the kernel that mended it, and says when that is all', async () => {
    const { status, out } = await ebtorture(`hunt ${SEED_RACE} --strategy upstream`);

    expect(status).toBe(0);
    expect(out).toContain('Verdict: NOTHING FOUND: every schedule of every program up to size 2');
  });

  it('leaves out what another strategy violates, too', async () => {
    const { status, out } = await ebtorture(
      `hunt ${SEED_RACE} --strategy none --against none --json --quiet`,
    );

    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ findings: [], config: { against: 'none' } });
  });

  it('is bounded where states do not suffice, and with a seed finds the same in another order', async () => {
    const cut = await ebtorture(`hunt ${SEED_RACE} --strategy upstream --states-max 10 --json --quiet`);
    const drawn = await ebtorture(`hunt ${SEED_RACE} --seed 5 --json --quiet`);
    const plain = await ebtorture(`hunt ${SEED_RACE} --json --quiet`);
    const invariants = (text: string): readonly string[] =>
      (JSON.parse(text) as HuntResult).findings.map(({ invariant }) => invariant).toSorted();

    expect(cut.status).toBe(2);
    expect(JSON.parse(cut.out)).toMatchObject({ verdict: 'bounded', findings: [] });
    expect(drawn.status).toBe(1);
    expect(new Set(invariants(drawn.out))).toEqual(new Set(invariants(plain.out)));
    expect((JSON.parse(drawn.out) as HuntResult).sizes[0]?.violated).toBe(
      (JSON.parse(plain.out) as HuntResult).sizes[0]?.violated,
    );
  });

  it.each([
    ['--duration 5s', /^ebtorture: --duration: is of --hardware; give that as well\n$/],
    [
      '--save-scenario race.txt',
      /^ebtorture: --save-scenario: 'race\.txt' is no module; its name must end with /,
    ],
    ['--save-scenario no/such/race.mjs', /^ebtorture: --save-scenario: cannot write in /],
    ['--kernel 9.9', /^ebtorture: --kernel: unknown kernel 9\.9 \(known: 5\.7/],
    [
      '--kernel 5.7 --strategy upsteam',
      /^ebtorture: --strategy: unknown strategy 'upsteam'; did you mean upstream\?/,
    ],
    ['--against nobody', /^ebtorture: --against: unknown strategy 'nobody'/],
    ['--only alloc,claim', /^ebtorture: --only: unknown operation 'claim'/],
    ['--only alloc,,find', /^ebtorture: --only: expected a list such as /],
    ['--size 1', /^ebtorture: --size: expected an integer from 2 to 8, got 1\n$/],
    ['--time soon', /^ebtorture: --time: expected a time /],
    ['--states-max none', /^ebtorture: --states-max: expected a whole number of states /],
    ['--seed -1', /^ebtorture: --seed: expected /],
    ['--strategies ./none.mjs', /^ebtorture: --strategies: no such file '\.\/none\.mjs'/],
    ['--baseline none.json', /^ebtorture: --baseline: cannot read 'none\.json'/],
    ['--baseline list.json', /^ebtorture: --baseline: 'list\.json': a document without a schema; /],
    ['--resume none.jsonl', /^ebtorture: --resume: cannot read 'none\.jsonl'/],
    ['--resume list.json', /^ebtorture: --resume: 'list\.json': line 1 is no JSON object/],
    ['--out no/such/h.jsonl', /^ebtorture: --out: cannot write in /],
    [
      '--resume kept.jsonl --strategy upstream',
      /^ebtorture: --resume: 'kept\.jsonl': it is of another configuration: config\.strategy is "none" there, and "upstream" here$/m,
    ],
    ['--resume kept.jsonl --out other.jsonl', /^ebtorture: --resume and --out: give only one of the two/],
  ])('refuses %s in one line', async (options, line) => {
    writeFileSync(join(cwd, 'list.json'), '[]\n');
    const config = { kernel: '5.7', strategy: 'none', against: null, only: null, size: 2, seed: null };
    const kept = {
      journal: 'ebtorture.journal/1',
      kind: 'header',
      command: 'hunt',
      commandLine: ['ebtorture', 'hunt'],
      options: { kernel: '5.7', strategy: 'none', size: '2', 'states-max': '1000' },
      seed: null,
      machine: MACHINE,
      config: { ...config, statesMax: 1000 },
    };
    writeFileSync(join(cwd, 'kept.jsonl'), journalText([kept]));
    const { status, err } = await ebtorture(`hunt ${options}`);

    expect(err).toMatch(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(status).toBe(64);
  });
});
