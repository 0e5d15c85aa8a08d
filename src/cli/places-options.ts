/** The options that say how many instances of a scenario are played, and on which processors. */
import type { PlacesAsked } from '../stress/plan/options.ts';
import { parsePlacement } from '../stress/topology/placement.ts';
import { PlacementError } from '../stress/topology/placement-error.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { parseInteger, type Range } from './parse.ts';
import { UsageError } from './usage-error.ts';

/** Far more than any machine holds; each takes megabytes. */
const INSTANCES: Range = { min: 1, max: 4_096 };

/** Their names. */
export const PLACES: readonly string[] = ['instances', 'placement'];

/** In the order of the help; `group` is its heading. */
export function placesOptions(group: string, instancesDefault = 'auto'): readonly OptionSpec[] {
  return [
    {
      name: 'instances',
      kind: 'text',
      group,
      summary: 'Copies of the scenario that play at the same time; auto: as many as the processors hold',
      defaultText: instancesDefault,
    },
    {
      name: 'placement',
      kind: 'text',
      group,
      summary:
        'Where the actors of each lie: sibling, near, l3, package, far, spread; all in turn; or processors, such as 0,8;1,9',
      defaultText: 'near',
    },
  ];
}

/**
 * What is asked for of the processors.
 * @throws {UsageError} If it cannot be.
 */
export function placesArguments(args: Arguments): PlacesAsked {
  const instances = args.text('instances');
  const placement = args.text('placement');
  return {
    ...(instances !== undefined && { instances: parseInstances(instances) }),
    ...(placement !== undefined && { placement: placementOf(placement) }),
  };
}

function parseInstances(text: string): number | 'auto' {
  return text === 'auto' ? text : parseInteger('--instances', text, INSTANCES);
}

function placementOf(text: string): PlacesAsked['placement'] {
  try {
    return parsePlacement(text);
  } catch (error) {
    if (error instanceof PlacementError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
