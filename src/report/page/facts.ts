import type { Environment } from '../../stress/host/machine-facts.ts';
import { counted, short } from '../number.ts';
import { pinnedText } from '../run-header.ts';
import { provenanceOf } from '../saved/provenance.ts';
import type { Fact } from './part.ts';

/** When, where and with what a result was measured, as far as it says. */
export function measuredFacts(
  document: object,
  { environment, seed }: { readonly environment?: Environment; readonly seed?: number | null },
): Fact[] {
  const { date, timeZone, hostname, kernelRelease } = provenanceOf(document);
  const zone = timeZone === null ? '' : ` (${timeZone})`;
  return [
    ...(date === null ? [] : [['date', date + zone] as const]),
    ...(hostname === null ? [] : [['host', hostname] as const]),
    ...(environment === undefined ? [] : [['machine', machineText(environment)] as const]),
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

function machineText(environment: Environment): string {
  const { cpuModel, cpuCount, roundTripNs } = environment;
  const trip = roundTripNs === null ? '' : `, core-to-core round trip ${short(roundTripNs)} ns`;
  return `${cpuModel}, ${counted(cpuCount, 'CPU')}${pinnedText(environment)}${trip}`;
}
