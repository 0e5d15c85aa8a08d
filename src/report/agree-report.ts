/** Whether the hardware stayed within what the explore engine reaches, an arm after the other. */
import type { Agreement, ArmAgreement } from '../study/agreement.ts';
import { grouped, listed } from './number.ts';
import { orderingText } from './ordering-text.ts';
import type { Paint } from './paint.ts';
import { wrapped } from './wrap.ts';

/** The lines of an agreement. */
export function agreementLines({ arms, verdict, ordering }: Agreement, paint: Paint): string[] {
  const under = ordering === undefined ? '' : `, both ${orderingText(ordering)}`;
  return [
    `Agreement with explore, under the same setting${under}:`,
    ...arms.flatMap((arm) =>
      wrapped(`${armText(arm, paint)}${sequentialText(arm, paint)}`, { prefix: '  ' }),
    ),
    ...verdictText(verdict, paint),
  ];
}

function armText(arm: ArmAgreement, paint: Paint): string {
  const { strategy, verdict, neverSeen, unexplored, incomplete } = arm;
  if (arm.isOtherOrder === true)
    return `${strategy}: ${paint('unsure', 'PARTIAL')}: before the run threads did what no x86-64 does.`;
  const never = neverSeen.length === 0 ? '' : `; never seen here: ${listed(neverSeen)}`;
  switch (verdict) {
    case 'agrees':
      return `${seenText(arm)}${never}.`;
    case 'partial': {
      if (incomplete === null) return `${seenText(arm)}${never}.`;
      const unknown =
        unexplored.length === 0 ? '' : `; seen here and not reached so far: ${listed(unexplored)}`;
      return `${strategy}: ${paint('unsure', 'PARTIAL')}, the search was not complete (${incomplete ?? ''})${unknown}${never}.`;
    }
    case 'disagrees':
      if (unexplored.length === 0) return `${seenText(arm)}${never}.`;
      return `${strategy}: ${paint('bad', 'DISAGREES')}: the hardware showed ${listed(unexplored)}, which NO interleaving of the model leads to${never}.`;
  }
}

function seenText({ strategy, seen, neverSeen, states }: ArmAgreement): string {
  const reachable = seen.length + neverSeen.length;
  return `${strategy}: ${seen.length} of the ${reachable} outcomes that ${grouped(states)} states lead to were seen, and no other`;
}

/** Where stores wait: what is reached where they do not, which must be a part of the rest. */
function sequentialText({ sequential, incomplete: isOpen }: ArmAgreement, paint: Paint): string {
  // What was not searched to its end has lost nothing yet.
  if (sequential === undefined || isOpen !== null) return '';
  const { states, incomplete, missing, seenBeyond } = sequential;
  if (missing.length > 0)
    return ` With every store visible at once ${grouped(states)} states lead to ${listed(missing)} as well, which ${paint('bad', 'NO')} search may lose where stores wait.`;
  if (incomplete !== null)
    return ` The search with every store visible at once was not complete (${incomplete}): what it reached is among them.`;
  const beyond =
    seenBeyond.length === 0 ? '' : `; seen here and only where stores wait: ${listed(seenBeyond)}`;
  return ` All that ${grouped(states)} states lead to with every store visible at once is among them${beyond}.`;
}

function verdictText(verdict: Agreement['verdict'], paint: Paint): string[] {
  switch (verdict) {
    case 'agrees':
      return [`The engines ${paint('good', 'AGREE')}.`];
    case 'partial':
      return wrapped(
        `The engines agree only as far as they were compared: ${paint('unsure', 'INCONCLUSIVE')}.`,
      );
    case 'disagrees':
      return wrapped(
        `The engines ${paint('bad', 'DISAGREE')}: the model or an engine is wrong, and no figure of this run can be ` +
          'trusted. Please report it, with all of this.',
      );
  }
}
