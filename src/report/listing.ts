/**
 * What `ebtorture list` shows: everything that can be named on the command line, with where in the kernel it comes
 * from.
 */
import type { Expectation } from '../fix/strategy.ts';
import type { Grade, Invariant } from '../model/invariant.ts';
import { builtInSubject, findScenario, isOfProject, scenarios } from '../catalog/registry.ts';
import type { PlantedBug, Subject } from '../fix/subject.ts';
import { judgedBy } from '../scenario/checks.ts';
import { kernelIn } from '../scenario/kernels.ts';
import { promisedIn } from '../scenario/promises.ts';
import { isFirstScenario, startOf } from '../catalog/run-defaults.ts';
import { actorsText } from '../scenario/role-count.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The grade of whatever a user's scenario checks itself. */
const FORBIDDEN: Grade = 'FORBIDDEN';

/** The topics of `list`, in the order they are shown. */
export const TOPICS = ['scenarios', 'strategies', 'actors', 'invariants', 'points'] as const;

/** One of them. */
export type Topic = (typeof TOPICS)[number];

/** The document of `list --json`; with a topic, it has that part only. */
export interface Listing {
  readonly schema: 'ebtorture.list/1';
  readonly scenarios?: readonly {
    readonly name: string;
    /** Those that it is played on, oldest first, and the one of this name; absent where there is only one. */
    readonly kernels?: readonly string[];
    readonly kernel?: string;
    readonly summary: string;
    readonly origin: string;
    /** What the race needs and is not played; absent where it says nothing. */
    readonly leavesOut?: string;
    readonly starts: readonly { readonly name: string; readonly summary: string; readonly actors: string }[];
    readonly outcomes: readonly { readonly name: string; readonly grade: Grade; readonly summary: string }[];
  }[];
  readonly strategies?: readonly {
    readonly name: string;
    readonly expectation: Expectation;
    readonly summary: string;
    readonly origin: string;
  }[];
  readonly actors?: readonly {
    readonly name: string;
    readonly scenario: string;
    readonly summary: string;
    /** The kernel functions it calls. */
    readonly calls: readonly string[];
  }[];
  readonly invariants?: readonly {
    readonly id: string;
    readonly title: string;
    readonly origin: string;
    readonly grade: Grade;
    /** The command and options that show it broken by a planted bug; left out where none is known. */
    readonly brokenBy?: string;
  }[];
  readonly points?: readonly { readonly name: string; readonly where: string }[];
}

/**
 * Collects one topic, or all of them.
 * @param only - The scenario to be listed, with what it is judged by and what strategies promise in it. @default those that come
 * with the project
 */
export function listing(topic?: Topic, only?: Scenario): Listing {
  const isWanted = (candidate: Topic): boolean => topic === undefined || topic === candidate;
  const listed = only === undefined ? scenarios : [only];
  const { strategies, points } = only?.subject ?? builtInSubject();
  return {
    schema: 'ebtorture.list/1',
    ...(isWanted('scenarios') && { scenarios: scenarioParts(listed) }),
    ...(isWanted('strategies') && {
      strategies: strategies.map((strategy) => {
        const { name, expectation, summary, origin } =
          only === undefined ? strategy : promisedIn(only, strategy);
        return { name, expectation, summary, origin };
      }),
    }),
    ...(isWanted('actors') && {
      actors: listed.flatMap(({ name: scenario, roles }) =>
        roles.map(({ name, summary, program }) => ({
          name,
          scenario,
          summary,
          calls: program.map((operation) => operation.name),
        })),
      ),
    }),
    ...(isWanted('invariants') && { invariants: invariantParts(only) }),
    ...(isWanted('points') && { points: points.map(({ name, where }) => ({ name, where })) }),
  };
}

/** Those of the scenario first: they are what it is about. */
function invariantParts(only: Scenario | undefined): NonNullable<Listing['invariants']> {
  const judged = only ?? { subject: builtInSubject() };
  const own = only?.checks?.map(({ id, title, origin }) => ({ id, title, origin, grade: FORBIDDEN })) ?? [];
  return [...own, ...judgedBy(judged).map((invariant) => invariantPart(invariant, judged.subject, only))];
}

function invariantPart(
  { id, title, origin, grade }: Invariant,
  subject: Subject,
  only: Scenario | undefined,
): NonNullable<Listing['invariants']>[number] {
  const bug = subject.plantedBugs?.[id];
  // One of the project's scenarios shows it; a subject of a user's has none there.
  const scenario =
    bug?.scenario === undefined
      ? [...scenarios, ...(only !== undefined && isOfProject(only) ? [only] : [])].find(
          (each) => each.subject === subject,
        )
      : findScenario(bug.scenario);
  const isKnown = bug !== undefined && scenario !== undefined;
  return { id, title, origin, grade, ...(isKnown && { brokenBy: plantedBugCommand(bug, scenario) }) };
}

function plantedBugCommand(bug: PlantedBug, scenario: Scenario): string {
  const { strategy, start, actors, pages, readsFail, setupsFail } = bug;
  const usual = startOf(scenario, undefined);
  const isUsual = start === usual?.name && actors === actorsText(usual.actors);
  const setting = isUsual ? '' : `--start ${start} --actors ${actors} `;
  const chances = `${readsFail === true ? ' --reads-fail' : ''}${setupsFail === true ? ' --setups-fail' : ''}`;
  const named = isFirstScenario(scenario.name) ? '' : `--scenario ${scenario.name} `;
  return `explore ${named}--strategy ${strategy} ${setting}--pages ${pages}${chances}`;
}

function scenarioParts(listed: readonly Scenario[]): NonNullable<Listing['scenarios']> {
  return listed.map(({ name, kernels, summary, origin, leavesOut, starts, outcomes }) => ({
    name,
    ...(kernels !== undefined && { kernels: kernels.names, ...kernelIn({ kernels }) }),
    summary,
    origin,
    ...(leavesOut !== undefined && { leavesOut }),
    starts: starts.map((start) => ({
      name: start.name,
      summary: start.summary,
      actors: actorsText(start.actors),
    })),
    outcomes: outcomes.map((outcome) => ({
      name: outcome.name,
      grade: outcome.grade,
      summary: outcome.summary,
    })),
  }));
}
