/** What threads have shown of a litmus test, in words. */
import { isAskedFor, trialsSeen } from '../scenario/litmus/asked-for.ts';
import type { StressLitmus, StressResult } from '../stress/result/result.ts';
import { isSeenOnly } from './arm-table.ts';
import { groundsObjection } from './calibration-text.ts';
import { counted, grouped, listed, short } from './number.ts';
import { orderingText } from './ordering-text.ts';

/** States that are named beside others. */
const NAMED_MAX = 4;

interface Said {
  readonly word: string;
  readonly tone: 'good' | 'bad' | 'unsure';
  readonly reasons: readonly string[];
}

/** The verdict of a run. */
export function litmusVerdict(result: StressResult, litmus: StressLitmus): Said {
  const { calibration, config, verdict } = result;
  const under = orderingText(config.ordering);
  const contradicted = litmus.explored?.contradicted ?? [];
  if (contradicted.length > 0)
    return {
      word: 'CONTRADICTED',
      tone: 'bad',
      reasons: [
        `Threads showed ${listed(contradicted)}, which explore, ${under}, proves cannot be.`,
        'One of the engines is wrong, or the processor: trust neither, and report this.',
      ],
    };
  const trials = result.arms[0]?.trials ?? 0;
  const seen = trialsSeen(litmus);
  if (verdict === 'violated')
    return { word: 'SEEN', tone: 'bad', reasons: [seenText(result, seen), ...unseen(litmus)] };
  if (trials === 0) return unsure('No trial ran to its end: run longer.');
  // A test is its own question: there is no other control than what was measured before.
  const grounds = calibration === undefined ? undefined : groundsObjection({ ...calibration, control: '' });
  if (verdict === 'clean')
    return {
      word: 'NOT SEEN',
      tone: 'good',
      reasons: [
        `What it asks for did not come about in ${counted(trials, 'trial', short)}, which is no proof; explore has searched every ` +
          `schedule, ${under}, and says that it is forbidden.`,
        ...unseen(litmus),
      ],
    };
  if (grounds !== undefined) return unsure(grounds);
  return unsure(
    `What it asks for did not come about in ${counted(trials, 'trial', short)}, which is no proof: ${allowedText(litmus, under)}`,
    [...turnsText(result), ...unseen(litmus)],
  );
}

function unsure(reason: string, others: readonly string[] = []): Said {
  return { word: 'INCONCLUSIVE', tone: 'unsure', reasons: [reason, ...others] };
}

function seenText({ arms }: StressResult, seen: number): string {
  const [arm] = arms;
  if (arm === undefined) return '';
  const { perMillion, low, high } = arm.rate;
  const rate =
    arm.rate.blocks === 0 || isSeenOnly(arm.rate, seen)
      ? ''
      : `: ${short(perMillion)} per million, 95 % interval ${short(low)} to ${short(high)}`;
  return `What it asks for came about in ${grouped(seen)} of ${counted(arm.trials, 'trial', short)} on these processors${rate}.`;
}

function allowedText(litmus: StressLitmus, under: string): string {
  const { explored } = litmus;
  if (explored === undefined) return 'explore was not asked.';
  if (explored.incomplete !== null) return `explore does not know, as ${explored.incomplete}.`;
  return explored.states.some((state) => isAskedFor(litmus, state))
    ? `explore comes to it, ${under}, so that it is allowed. Run longer, or with --tune.`
    : `explore, ${under}, says that it is forbidden.`;
}

/** What a zero of more threads than processors is worth. */
function turnsText({ config, environment }: StressResult): string[] {
  const threads = config.actors.split(',').length;
  const { cpuCount } = environment;
  if (threads <= cpuCount) return [];
  const waits = config.ordering === 'x86' ? ', and between two that do no store waits' : '';
  return [`Its ${threads} threads take turns on ${counted(cpuCount, 'processor')}${waits}.`];
}

/** What the search reaches and threads never showed. */
function unseen({ states, explored }: StressLitmus): string[] {
  if (explored === undefined) return [];
  const shown = new Set(states.map(({ state }) => state));
  const others = explored.states.filter((state) => !shown.has(state));
  if (others.length === 0) return [];
  const named = others.length > NAMED_MAX ? [...others.slice(0, NAMED_MAX), 'others'] : others;
  return [
    `Of ${counted(explored.states.length, 'final state')} that explore reaches, not seen: ${listed(named)}`,
  ];
}
