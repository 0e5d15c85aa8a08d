import type { Environment, Machine } from '../../stress/host/machine-facts.ts';
import type { ClassPlan } from '../../stress/topology/placement-plan.ts';
import { counted, short } from '../number.ts';
import { placesText } from '../places-text.ts';
import { pinnedText } from '../run-header.ts';
import { provenanceOf } from '../saved/provenance.ts';
import type { Fact } from './part.ts';

/** A machine, and what it did if anything was measured on it. */
type FoundOn = Machine & Partial<Pick<Environment, 'pinnedTo' | 'roundTripNs'>>;

/** When, where and with what a result was measured, as far as it says. */
export function measuredFacts(
  document: object,
  {
    environment,
    seed,
    places = [],
  }: {
    readonly environment?: FoundOn | undefined;
    readonly seed?: number | null;
    /** Where the actors were, if that was chosen. */
    readonly places?: readonly ClassPlan[];
  },
): Fact[] {
  const { date, timeZone, hostname, kernelRelease } = provenanceOf(document);
  const zone = timeZone === null ? '' : ` (${timeZone})`;
  return [
    ...(date === null ? [] : [['date', date + zone] as const]),
    ...(hostname === null ? [] : [['host', hostname] as const]),
    ...(environment === undefined
      ? []
      : [
          ['machine', machineText(environment, places)] as const,
          ...(places.length === 0
            ? []
            : [['places', placesText(places, (environment.pinnedTo ?? null) !== null).join('; ')] as const]),
        ]),
    ...(kernelRelease === null ? [] : [['kernel', kernelRelease] as const]),
    ...(environment === undefined
      ? []
      : ([
          ['Node', `${environment.node}, V8 ${environment.v8}, ${environment.platform} ${environment.arch}`],
          [
            'ebtorture',
            environment.version + (environment.commit === null ? '' : `, commit ${environment.commit}`),
          ],
        ] as const)),
    ...(seed === undefined || seed === null ? [] : [['seed', String(seed)] as const]),
  ];
}

function machineText(environment: FoundOn, places: readonly ClassPlan[]): string {
  const { cpuModel, cpuCount, roundTripNs = null, pinnedTo = null } = environment;
  const trip =
    roundTripNs === null || places.length > 1 ? '' : `, core-to-core round trip ${short(roundTripNs)} ns`;
  return `${cpuModel}, ${counted(cpuCount, 'CPU')}${places.length === 0 ? pinnedText({ pinnedTo }) : ''}${trip}`;
}
