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
