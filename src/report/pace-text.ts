import type { RunConfig } from '../stress/result.ts';
import type { TunedSetting, Tuning } from '../stress/tuning-result.ts';
import { counted, grouped } from './number.ts';

/** How the actors of a run keep together. */
type PaceFacts = Pick<TunedSetting, 'stride' | 'worlds' | 'offsetNs' | 'lastToucher'>;

/** How the actors of a run kept together: as tuned, as asked for, or once per stride. */
export function paceOf(
  { stride, worlds, launch }: Pick<RunConfig, 'stride' | 'worlds' | 'launch'>,
  tuning: Tuning | undefined,
): PaceFacts {
  if (tuning?.isUsed === true && tuning.best !== null) return tuning.best;
  if (launch === undefined) return { stride, worlds, offsetNs: null, lastToucher: null };
  return { stride: null, worlds: null, ...launch };
}

/** The same in words: `start offset 33 ns, reclaim last` or `stride 64, 256 worlds`. */
export function paceText({ stride, worlds, offsetNs, lastToucher }: PaceFacts): string {
  if (offsetNs !== null) return `start offset ${offsetNs} ns, ${lastToucher ?? ''} last`;
  return `stride ${grouped(stride ?? 1)}, ${counted(worlds ?? 1, 'world')}`;
}
