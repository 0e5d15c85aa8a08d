import { isFirstScenario } from '../catalog/run-defaults.ts';
import type { Listing } from './listing.ts';
import { wrapped } from './wrap.ts';

const OF_ONE = 'ebtorture list --scenario NAME has what there is in one: starts, outcomes, actors, checks.';

/** The text of `ebtorture list`: of several scenarios a line or two each, and beside them what the first one has. */
export function listingReport(document: Listing): string {
  const { scenarios, actors } = document;
  const [first] = actors ?? [];
  const isOfOne = actors?.every(({ scenario }) => scenario === first?.scenario) ?? scenarios?.length === 1;
  const sections: readonly (readonly [string, readonly Entry[] | undefined])[] = [
    [scenariosTitle(document), scenarios?.flatMap(scenarios.length === 1 ? scenarioEntries : scenarioEntry)],
    ['Strategies (--strategy; or the path of a module)', document.strategies?.map(strategyEntry)],
    [
      'Actors (--actors name=count,...)',
      actors?.filter(({ scenario }) => scenario === first?.scenario).map(actorEntry),
    ],
    [
      'Invariants',
      document.invariants?.map(({ id, title, origin, brokenBy }) => ({
        name: id,
        lines: [title, origin, brokenBy === undefined ? '' : `broken by ${brokenBy}`],
      })),
    ],
    [
      'Delay points (--delay point=ns)',
      document.points?.map(({ name, where }) => ({ name, lines: [where] })),
    ],
  ];
  const texts = sections.flatMap(([title, entries]) =>
    entries === undefined ? [] : [sectionText(title, entries)],
  );
  const isOfMany = (scenarios !== undefined || actors !== undefined) && !isOfOne;
  return [...texts, ...(isOfMany ? [`${wrapped(OF_ONE).join('\n')}\n`] : [])].join('\n');
}

function scenariosTitle({ scenarios: [first] = [] }: Listing): string {
  const isDefault = first !== undefined && isFirstScenario(first.name);
  return isDefault ? 'Scenarios (--scenario; the first is the default)' : 'Scenario';
}

interface Entry {
  readonly name: string;
  readonly lines: readonly string[];
}

function scenarioEntries(scenario: NonNullable<Listing['scenarios']>[number]): Entry[] {
  return [
    {
      name: scenario.name,
      lines: [
        scenario.summary,
        scenario.origin,
        kernelsText(scenario),
        scenario.leavesOut === undefined ? '' : `left out: ${scenario.leavesOut}`,
      ],
    },
    ...scenario.starts.map(({ name, summary, actors }) => ({
      name: `  start ${name}`,
      lines: [summary === '' ? `actors ${actors}` : `${summary}; actors ${actors}`],
    })),
    ...scenario.outcomes.map(({ name, grade, summary }) => ({
      name: `  outcome ${name}`,
      lines: [summary === '' ? grade : `${grade}: ${summary}`],
    })),
  ];
}

/** One of many. */
function scenarioEntry(scenario: NonNullable<Listing['scenarios']>[number]): Entry[] {
  const starts = scenario.starts.map(({ name }) => name).join(', ');
  return [{ name: scenario.name, lines: [scenario.summary, `from ${starts}`, kernelsText(scenario)] }];
}

function kernelsText({ kernels = [], kernel }: NonNullable<Listing['scenarios']>[number]): string {
  return kernel === undefined ? '' : `--kernel ${kernels.join(', ')}; here ${kernel}`;
}

function strategyEntry({
  name,
  expectation,
  summary,
  origin,
}: NonNullable<Listing['strategies']>[number]): Entry {
  const expected = expectation === 'violates' ? 'expected to violate' : 'expected to hold';
  return { name, lines: [summary, `${expected}; ${origin}`] };
}

function actorEntry({ name, summary, calls }: NonNullable<Listing['actors']>[number]): Entry {
  return { name, lines: [summary, `calls ${calls.join(', ')}`] };
}

const NAME_COLUMNS_MAX = 24;

function sectionText(title: string, entries: readonly Entry[]): string {
  if (entries.length === 0) return `${title}\n  none\n`;
  const columns = Math.min(NAME_COLUMNS_MAX, Math.max(...entries.map(({ name }) => name.length)));
  const lines = entries.flatMap(({ name, lines: texts }) => {
    const isLong = name.length > columns;
    // A user's scenario need not say everything of itself.
    const said = texts.filter((text) => text !== '');
    const body = (said.length === 0 && !isLong ? [''] : said).flatMap((text, index) =>
      wrapped(text, { prefix: `  ${index === 0 && !isLong ? name : ''}`.padEnd(columns + 4) }),
    );
    return isLong ? [`  ${name}`, ...body] : body;
  });
  return `${[title, ...lines].join('\n')}\n`;
}
