/**
 * What `ebtorture list` shows: everything that can be named on the command line, with where in the kernel it comes
 * from.
 */
import type { Expectation } from '../fix/strategy.ts';
import type { Grade } from '../model/invariant.ts';
import { builtInSubject, invariants, scenarios, strategies } from '../catalog/registry.ts';
import { startOf } from '../catalog/run-defaults.ts';
import { actorsText } from '../scenario/role-count.ts';

/** The topics of `list`, in the order they are shown. */
export const TOPICS = ['scenarios', 'strategies', 'actors', 'invariants', 'points'] as const;

/** One of them. */
export type Topic = (typeof TOPICS)[number];

/** The document of `list --json`; with a topic, it has that part only. */
export interface Listing {
  readonly schema: 'ebtorture.list/1';
  readonly scenarios?: readonly {
    readonly name: string;
    readonly summary: string;
    readonly origin: string;
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
    /** The command and options that show it broken by a planted bug. */
    readonly brokenBy: string;
  }[];
  readonly points?: readonly { readonly name: string; readonly where: string }[];
}

/** Collects one topic, or all of them. */
export function listing(topic?: Topic): Listing {
  const isWanted = (candidate: Topic): boolean => topic === undefined || topic === candidate;
  return {
    schema: 'ebtorture.list/1',
    ...(isWanted('scenarios') && { scenarios: scenarioParts() }),
    ...(isWanted('strategies') && {
      strategies: strategies.map(({ name, expectation, summary, origin }) => ({
        name,
        expectation,
        summary,
        origin,
      })),
    }),
    ...(isWanted('actors') && {
      actors: scenarios.flatMap(({ name: scenario, roles }) =>
        roles.map(({ name, summary, program }) => ({
          name,
          scenario,
          summary,
          calls: program.map((operation) => operation.name),
        })),
      ),
    }),
    ...(isWanted('invariants') && {
      invariants: invariants.map(({ id, title, origin, grade }) => {
        return { id, title, origin, grade, brokenBy: plantedBugCommand(id) };
      }),
    }),
    ...(isWanted('points') && {
      points: builtInSubject().points.map(({ name, where }) => ({ name, where })),
    }),
  };
}

function plantedBugCommand(id: string): string {
  const bug = builtInSubject().plantedBugs?.[id];
  if (bug === undefined) throw new RangeError(`no planted bug breaks '${id}'`);
  const { strategy, start, actors, pages, readsFail, setupsFail } = bug;
  const usual = startOf(scenarios[0], undefined);
  const isUsual = start === usual?.name && actors === actorsText(usual.actors);
  const setting = isUsual ? '' : `--start ${start} --actors ${actors} `;
  const chances = `${readsFail === true ? ' --reads-fail' : ''}${setupsFail === true ? ' --setups-fail' : ''}`;
  return `explore --strategy ${strategy} ${setting}--pages ${pages}${chances}`;
}

function scenarioParts(): NonNullable<Listing['scenarios']> {
  return scenarios.map(({ name, summary, origin, starts, outcomes }) => ({
    name,
    summary,
    origin,
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
