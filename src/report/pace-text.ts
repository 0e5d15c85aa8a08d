import type { RunConfig } from '../stress/result/result.ts';
import type { TunedPace, Tuning } from '../stress/result/tuning-result.ts';
import { counted, grouped } from './number.ts';

/** How the actors of a run kept together: as tuned, as asked for, or once per stride. */
export function paceOf(
  { stride, worlds, launch }: Pick<RunConfig, 'stride' | 'worlds' | 'launch'>,
  tuning: Tuning | undefined,
): TunedPace {
  if (tuning?.isUsed === true && tuning.best !== null) return tuning.best;
  if (launch === undefined) {
    return { stride, worlds, spacing: null, offsetNs: null, jitterNs: null, lastToucher: null };
  }
  return { stride: null, worlds: null, spacing: null, jitterNs: null, ...launch };
}

/** The same in words: `start offset 33 ns, reclaim last`, `stride 64, 256 worlds`, or both. */
export function paceText({ stride, worlds, spacing, lastToucher, ...start }: TunedPace): string {
  const apart = spacing === null ? '' : ` ${spacing} apart`;
  const strides = stride === null ? [] : [`stride ${grouped(stride)}`, counted(worlds ?? 1, 'world') + apart];
  const offset = offsetText(start);
  const starts = offset === '' ? [] : [`start offset ${offset} ns`, `${lastToucher ?? ''} last`];
  return [...strides, ...starts].join(', ');
}

/** `33` or `20 to 60`; empty for none. */
export function offsetText({ offsetNs, jitterNs }: Pick<TunedPace, 'offsetNs' | 'jitterNs'>): string {
  if (offsetNs === null) return '';
  return jitterNs === null ? `${offsetNs}` : `${offsetNs} to ${offsetNs + jitterNs}`;
}
