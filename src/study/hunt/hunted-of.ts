import { alphabetOf } from '../../catalog/alphabets.ts';
import type { HuntedRecord, HuntHeader } from '../journal/records.ts';
import { nameOfFinding } from './hunt-keeper.ts';
import type { Finding, HuntResult } from './hunt-result.ts';

/**
 * The result of a hunt that was cut: what it had settled when it last said how far it was. `findings` is by program and invariant.
 * @throws {RangeError} If it is of a kernel that there is not, or lacks a finding.
 */
export function huntedOf(
  { config }: Pick<HuntHeader, 'config'>,
  { startStates, sizes, repeated, known, findings, elapsedMs }: Omit<HuntedRecord, 'kind'>,
  kept: ReadonlyMap<string, Finding>,
): HuntResult {
  const alphabet = alphabetOf(config.kernel);
  if (alphabet === undefined) throw new RangeError(`there is no kernel ${config.kernel}`);
  return {
    schema: 'ebtorture.hunt/1',
    verdict: findings.length > 0 ? 'found' : 'bounded',
    isInterrupted: true,
    config: { ...config, size: Math.max(config.size, ...sizes.map(({ size }) => size)) },
    startStates,
    sizes,
    findings: findings.map(({ programs, ...name }) => {
      const finding = kept.get(nameOfFinding(name));
      if (finding === undefined) throw new RangeError(`there is no finding of ${name.invariant}`);
      return { ...finding, programs };
    }),
    repeated,
    known,
    rules: alphabet.rules.map(({ id, text, origin }) => ({ id, text, origin })),
    elapsedMs,
  };
}
