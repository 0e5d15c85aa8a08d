/** Whether the hardware stayed within what the explore engine reaches, an arm after the other. */
import type { Agreement, ArmAgreement } from '../study/agreement.ts';
import { grouped, listed } from './number.ts';
import type { Paint } from './paint.ts';
import { wrapped } from './wrap.ts';

/** The lines of an agreement. */
export function agreementLines({ arms, verdict }: Agreement, paint: Paint): string[] {
  return [
    'Agreement with explore, under the same setting:',
    ...arms.flatMap((arm) => wrapped(armText(arm, paint), { prefix: '  ' })),
    ...verdictText(verdict, paint),
  ];
}

function armText(arm: ArmAgreement, paint: Paint): string {
  const { strategy, verdict, seen, neverSeen, unexplored, states, incomplete } = arm;
  const reachable = seen.length + neverSeen.length;
  const never = neverSeen.length === 0 ? '' : `; never seen here: ${listed(neverSeen)}`;
  switch (verdict) {
    case 'agrees':
      return `${strategy}: ${seen.length} of the ${reachable} outcomes that ${grouped(states)} states lead to were seen, and no other${never}.`;
    case 'partial': {
      const unknown =
        unexplored.length === 0 ? '' : `; seen here and not reached so far: ${listed(unexplored)}`;
      return `${strategy}: ${paint('unsure', 'PARTIAL')}, the search was not complete (${incomplete ?? ''})${unknown}${never}.`;
    }
    case 'disagrees':
      return `${strategy}: ${paint('bad', 'DISAGREES')}: the hardware showed ${listed(unexplored)}, which NO interleaving of the model leads to${never}.`;
  }
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
