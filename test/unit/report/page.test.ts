import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { playedFor } from '../../../src/cli/replays.ts';
import { unbalanced } from '../../helpers/unbalanced.ts';
import {
  exploredNone,
  exploredUpstream,
  historyOfOne,
  hunted,
  mutated,
  pageOf,
  pageOfRendered,
  pageResults,
  renderedOf,
  renderedUnchecked,
} from './sample-page.ts';
import { cpusMeasured } from './sample-cpus.ts';
import * as samples from './sample-results.ts';

/** The text of all elements of a name. */
function textsOf(page: string, name: string): string[] {
  return Array.from(
    page.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^]*?)</${name}>`, 'g')),
    ([, text = '']) => text,
  );
}

describe('the page', () => {
  const all = pageOf(...pageResults);

  it('needs nothing else, and its policy lets in one script and one style by their hashes', async () => {
    const page = await all;
    const hashOf = (text = ''): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [policy = ''] = /default-src[^"]+/.exec(page) ?? [];

    expect(page).not.toMatch(/<link|<img|<iframe|<object|@import|url\(|https?:|\ssrc=|\sstyle=|\son[a-z]+=/);
    expect(textsOf(page, 'script')).toHaveLength(1);
    expect(textsOf(page, 'style')).toHaveLength(1);
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; script-src ${hashOf(textsOf(page, 'script')[0])}; style-src ${hashOf(textsOf(page, 'style')[0])}; base-uri 'none'; form-action 'none'`,
    );
  });

  it('is well-formed, has no number that is none, and no id twice', async () => {
    const page = (await all).replace(/<script>[^]*<\/script>/, '').replace(/<style>[^]*<\/style>/, '');
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target = ''] of page.matchAll(/ href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('is the same from any folder and under any name, byte for byte', async () => {
    const results = pageResults.map((result, index) => renderedOf(result, `/somewhere/else/${index}`));
    expect(await pageOfRendered(results)).toBe(await all);
  });

  it('tells two runs with the same strategies apart, in a title that fits a tab', async () => {
    const other = { ...samples.asDeclared, config: { ...samples.asDeclared.config, seed: 123_456 } };
    const page = await pageOf(samples.asDeclared, other, other);
    const names = textsOf(textsOf(page, 'nav')[0] ?? '', 'a');

    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toContain(`seed ${samples.config.seed}`);
    expect(names[1]).toMatch(/seed 123456.*#1$/);
    expect(names[2]).toMatch(/seed 123456.*#2$/);
    const many = Array.from({ length: 40 }, () => samples.asDeclared);
    for (const text of textsOf(await pageOf(...many), 'title').slice(0, 1)) {
      expect(text.length).toBeLessThanOrEqual(90);
    }
  });

  it('begins with the question, and answers it by proof, by threads and by power', async () => {
    const page = await all;
    const [header = ''] = textsOf(page, 'header');
    expect(textsOf(header, 'h1')[0]).toBe(
      'Does upstream hold where none, early-check and locked-io-pages violate?',
    );
    expect(header).toContain('as declared');
    expect(textsOf(header, 'dt').slice(0, 3)).toEqual(['Proof', 'Threads', 'Power']);
    expect(textsOf(header, 'dd')[1]).toMatch(
      /^No violation of upstream in .*: below .* per million \(95 %\), while none 123,456 in /,
    );
    expect(header.replaceAll(/<\/?span>|<wbr>/g, '')).toContain('<code>ebtorture compare ');
    expect(header).toContain(`>seed</dt><dd>${samples.config.seed}</dd>`);
  });

  it('says where nobody was asked, and takes what another result of the page says', async () => {
    const alone = textsOf(await pageOf(exploredUpstream), 'header')[0] ?? '';
    expect(alone).toContain('no schedule violates');
    expect(alone).toContain('No run on threads is among these results.');
    const both = textsOf(await pageOf(exploredUpstream, samples.stressClean), 'header')[0] ?? '';
    expect(both).toContain('No violation of upstream in');
    expect(both).toContain('no schedule violates');
  });

  it('calls a control that violates as declared, and a fix that does not', async () => {
    const badges = async (result: object): Promise<string[]> => {
      const [header = ''] = textsOf(await pageOf(result), 'header');
      return Array.from(header.matchAll(/<span class="badge \w+">([^<]*)/g), ([, text = '']) => text);
    };
    expect(await badges(exploredNone)).toEqual(['as declared']);
    expect(await badges(samples.stressViolated)).toEqual(['as declared']);
    expect(await badges(samples.fixViolated)).toEqual(['NOT AS DECLARED']);
    expect(await badges(samples.silentControl)).toEqual(['shows nothing']);
    expect(await badges(hunted)).toEqual(['RACES FOUND']);
    expect(await badges(cpusMeasured)).toEqual(['measured']);
    // A mutant of a control is declared to do nothing.
    expect(
      renderedOf({ ...exploredNone, strategy: 'none~find_extent_buffer/rcu_read_lock/drop' }).state,
    ).toBe('failed');
  });

  it('has the terminal text folded at its end', async () => {
    const page = await all;
    expect(textsOf(page, 'pre')).toHaveLength(pageResults.length);
    expect(page.indexOf('<pre')).toBeGreaterThan(page.lastIndexOf('<svg'));
  });
});

describe('a hostile result', () => {
  const nasty = '<img src=x onerror=alert(1)>\u202E\uE000\u0007</script><!--';

  it('executes nothing, and shows what cannot be seen as escapes', async () => {
    const text = JSON.stringify({ ...exploredNone, strategy: nasty, scenario: nasty }).replace(
      '"outcomes"',
      '"__proto__": {"polluted": true}, "outcomes"',
    );
    const hostile = JSON.parse(text) as typeof exploredNone;
    const [none, ...rest] = samples.asDeclared.arms;
    const arms = [{ ...none, strategy: nasty }, ...rest];
    const documents = [
      hostile,
      { ...samples.asDeclared, arms },
      {
        ...historyOfOne,
        rows: historyOfOne.rows.map((row) => ({ ...row, symptom: nasty, scenario: nasty })),
      },
    ];
    for (const document of documents)
      expect(() => renderedOf(document)).toThrow(/^not as a ebtorture\.\w+\/1 document is/);
    // No file has that in it which its schema has let in: the page does not rely on it.
    const page = await pageOfRendered(documents.map((document) => renderedUnchecked(document)));

    expect(page).not.toMatch(/<img|<b class="good">\s*<\/script>/);
    expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069\uE000-\uF8FF]/);
    expect(page).not.toContain('\u0007');
    expect(page).toContain(
      '&lt;img src=x onerror=alert(1)&gt;\\u{202e}\\u{e000}\\u{7}&lt;/script&gt;&lt;!--',
    );
    expect(textsOf(page, 'script')).toHaveLength(1);
    expect(
      unbalanced(page.replace(/<script>[^]*<\/script>/, '').replace(/<style>[^]*<\/style>/, '')),
    ).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('has no code of a file that it names run, and the twin of the project has', async () => {
    const schedule = 'eb1:readahead-vs-releasepage:primed:./evil.mjs:finder=1,reclaim=1:p1:a1';
    const wanted = [
      { schedule, strategy: null },
      { schedule: schedule.replace('./evil.mjs', 'none'), strategy: './evil.mjs' },
      { schedule: schedule.replace('readahead-vs-releasepage', './evil.mjs'), strategy: 'none' },
      { schedule: 'nonsense', strategy: null },
    ];
    expect((await playedFor(wanted)).size).toBe(0);
    expect(
      (await playedFor([{ schedule: schedule.replace('./evil.mjs', 'none'), strategy: null }])).size,
    ).toBe(1);
  });
});

describe('a witness', () => {
  it('has every step with what it changes, switches with their reason, and the same schedule under the fix', async () => {
    const page = await pageOf(exploredNone);
    const steps = exploredNone.violations[0]?.witness?.steps ?? [];
    for (const { number } of steps) expect(page).toContain(`id="w1-${number}"`);
    expect(page).toContain('eb0.refs 1 → <b>2</b>');
    expect(page).toContain('reclaim is stopped, though it could go on: a preemption');
    expect(page).toMatch(/<b class="bad">BUG<\/b>: finder: released under IO \(B1\)/);
    expect(page).toMatch(/The same schedule under upstream<[^]*<b class="good">harmless<\/b>/);
    expect(page).toMatch(/It differs from <a href="#w1b-\d+">step \d+<\/a> on\./);
    expect(page.replaceAll(/<\/?span>|<wbr>/g, '')).toContain(
      `<code>ebtorture replay ${exploredNone.violations[0]?.witness?.schedule ?? ''}`,
    );
  });

  it('is reached from the mutant that it kills, the race of history and the one that was hunted', async () => {
    const grid = await pageOf(mutated);
    expect(grid.replaceAll(/<[^>]*>/g, '')).toContain(
      'ebtorture mutate --scenario readahead-vs-releasepage --start primed --actors finder=1,reclaim=1 --pages 1 --strategy upstream ',
    );
    expect(grid).toMatch(/<div class="mutant killed"><a href="#w1">killed L4<\/a>/);
    expect(grid).toContain('<div class="mutant equivalent">same');
    expect(grid).toContain('id="w1"');
    const history = await pageOf(historyOfOne);
    expect(history).toContain('<a href="#w1">dying-buffer</a>');
    expect(history).toContain('The same schedule under none');
    expect(await pageOf(hunted)).toContain('<a href="#w1">race 1</a>');
  });

  it('of a hunt stands beside what is known to mend it, and says so where nothing is', async () => {
    const page = await pageOf(hunted);
    expect(page).toContain('The same schedule under upstream');
    expect(page).not.toContain('No strategy is known here');
    // One under which the schedule violates as well is no mend.
    const unmended = await pageOf({
      ...hunted,
      config: { ...hunted.config, strategy: 'upstream', against: 'none' },
    });
    expect(unmended).not.toContain('The same schedule under');
    expect(unmended).toContain('No strategy is known here under which this schedule ends well');
  });

  it('says how many steps it has, and how many the fix takes', async () => {
    const page = await pageOf(exploredNone);
    const { length } = exploredNone.violations[0]?.witness?.steps ?? [];
    const fixed = [...page.matchAll(/id="w1b-\d+"/g)].length;
    const others = fixed === length ? '' : `, and ${fixed} steps under upstream`;
    expect(page).toMatch(new RegExp(`${length} steps, \\d+ preemptions?${others};`));
    expect(page).toContain(`max="${Math.max(length, fixed)}"`);
  });
});

describe('tables', () => {
  it('say who is dominated and by whom, and have what they are sorted by', async () => {
    const page = await all();
    expect(page).toMatch(
      /<tr class="dominated"><th scope="row"[^>]*>[^<]*<span class="inside">dominated by /,
    );
    expect(page).toMatch(/<table aria-label="[^"]+" class="sortable">/);
    for (const [, head] of page.matchAll(/<th( [^>]*)?>/g)) expect(head).toMatch(/ scope="(?:col|row)"/);
  });

  it('have the round trips of processors with their intervals', async () => {
    const page = await pageOf(cpusMeasured);
    expect(page).toContain('A round trip took: cores with one L3 110 ns [108, 112].');
    expect(page).toMatch(/<th scope="row">cores with one L3<\/th>[^]*>108 to 112</);
  });

  it('show two runs side by side, each by its name', async () => {
    const page = await all();
    expect(page).toMatch(/<section class="result" id="side-by-side">/);
    expect(textsOf(page, 'h2')).toContain('Side by side');
  });

  async function all(): Promise<string> {
    return pageOf(...pageResults);
  }
});
