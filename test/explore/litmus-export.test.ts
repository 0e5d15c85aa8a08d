/** Witnesses as litmus tests: what is written is read again, and a search comes to it as the witness did. */
import { describe, expect, it } from 'vitest';
import { scenarioNamed, scenarios } from '../../src/catalog/registry.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { explore } from '../../src/explore/explore.ts';
import { exportLitmus, type LitmusExport } from '../../src/explore/litmus/export-litmus.ts';
import { LitmusExportError } from '../../src/explore/litmus/export-error.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import { controlOf } from '../../src/scenario/promises.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import { finalStates, isSeen, litmusOf } from '../helpers/litmus.ts';

interface Asked {
  readonly scenario: string;
  readonly strategy: string;
  readonly pages?: number;
  readonly ordering?: Ordering;
}

/** The witnesses of all that a strategy breaks. */
async function witnessesOf({ scenario: name, strategy, pages, ordering }: Asked): Promise<readonly string[]> {
  const scenario = scenarioNamed(name);
  const setting = resolveSetting({ scenario, pages, ordering });
  const loaded = await loadStrategy(strategy, scenario.subject);
  const { violations } = explore({ setting, strategy: loaded, limits: { countStatesMax: 0 } });
  return violations.flatMap(({ witness }) => (witness === null ? [] : [witness.schedule]));
}

async function exported(text: string, form: 'litmus' | 'c' | undefined = 'litmus'): Promise<LitmusExport> {
  const schedule = parseSchedule(text);
  const { moves, readsFail, trylocksFail, setupsFail } = schedule;
  const setting = settingNamed(schedule);
  const strategy = await loadStrategy(schedule.strategy, setting.scenario.subject);
  const chances = { readsFail, trylocksFail, setupsFail };
  return exportLitmus({ setting, strategy, moves, chances, schedule: text, form });
}

async function exportedOrRefused(text: string): Promise<LitmusExport | string> {
  try {
    return await exported(text);
  } catch (error) {
    if (error instanceof LitmusExportError) return error.message;
    throw error;
  }
}

function isReached({ text }: LitmusExport, ordering: Ordering): boolean {
  return isSeen(finalStates(litmusOf(text), ordering));
}

/** With one page, unless that is too few to violate. */
async function anyWitnessesOf(scenario: string, strategy: string): Promise<readonly string[]> {
  const found = await witnessesOf({ scenario, strategy, pages: 1 });
  return found.length > 0 ? found : witnessesOf({ scenario, strategy });
}

const controls = scenarios.map((scenario) => [scenario.name, controlOf(scenario)] as const);

/** Scenarios of which no witness is a test, as each has an access behind a grace period. */
const NOT_SAID: ReadonlySet<string> = new Set(['read-vs-reclaim']);

describe('the witnesses of controls', () => {
  it.each(controls)(
    '%s under %s: each is a test that is read again and reached',
    async (scenario, strategy) => {
      const witnesses = await anyWitnessesOf(scenario, strategy);
      const made = [];
      for (const witness of witnesses) made.push(await exportedOrRefused(witness));
      const refused = made.filter((one) => typeof one === 'string');
      const said = made.filter((one) => typeof one !== 'string');

      expect(witnesses.length).toBeGreaterThan(0);
      expect(said.length > 0).toBe(!NOT_SAID.has(scenario));
      for (const message of refused) expect(message).toContain('behind a grace period');
      for (const test of said) {
        expect(test.text).toContain('herd7 -conf linux-kernel.cfg');
        expect([test.name, isReached(test, 'sc')]).toEqual([test.name, true]);
      }
    },
  );
});

describe('a witness that there is only where stores wait', () => {
  it.each(['announce-find'])(
    'of %s is a test that is reached under x86 and not under sc',
    async (strategy) => {
      const witnesses = await witnessesOf({
        scenario: 'readahead-vs-releasepage',
        strategy,
        pages: 1,
        ordering: 'x86',
      });
      const [witness] = witnesses;
      if (witness === undefined) throw new RangeError(`${strategy} violates under x86`);
      const made = await exported(witness);

      expect(isReached(made, 'x86')).toBe(true);
      expect(isReached(made, 'sc')).toBe(false);
    },
  );
});

describe('what is written of a path', () => {
  const witness = 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:b12a9b5a19';

  it('is pinned: with another value of any register a search does not come to it', async () => {
    const made = await exported(witness);
    const pins = [...made.text.matchAll(/\d:r\d+=(?<value>\d+)/g)];

    expect(pins.length).toBeGreaterThan(20);
    for (const { 0: pin, groups } of pins) {
      const other = pin.replace(/\d+$/, String(Number(groups?.['value']) + 3));
      const changed = made.text.replace(` ${pin} `, ` ${other} `).replace(`(${pin} `, `(${other} `);
      expect(changed).not.toBe(made.text);
      expect([pin, isReached({ ...made, text: changed }, 'sc')]).toEqual([pin, false]);
    }
  });

  it('depends on what was read, and on nothing else', async () => {
    const { text } = await exported(witness);

    // The first look-up decides whether there is a reference to be taken; how many there are only behind the next one.
    expect(text).toMatch(
      /r1 = atomic_read\(fs_tree_slot\);\n\tif \(r1 == 1\) \{\n\t\tr2 = atomic_add_unless/,
    );
    // The values of refs and bflags that free_extent_buffer reads before it takes the lock decide nothing.
    expect(text).toMatch(
      /r17 = atomic_read\(eb0_refs\);\n\t+r18 = .*\n\t+r19 = r18 & 256;\n\t+spin_lock\(eb0_refs_lock\);/,
    );
    expect(text).not.toContain('if (r17 ');
  });

  it('has the value of a cmpxchg from what was read before it', async () => {
    const [witnessOfPuts = ''] = await anyWitnessesOf('last-puts', controlOf(scenarioNamed('last-puts')));
    const { text } = await exported(witnessOfPuts);

    expect(text).toMatch(
      /(?<read>r\d+) = atomic_read\(eb0_refs\);[\s\S]*atomic_cmpxchg\(eb0_refs, \k<read>, \k<read> - 1\)/,
    );
  });
});
