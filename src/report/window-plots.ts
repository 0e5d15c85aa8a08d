import { labelOf, measureOf, type MeasureWords, phrasesOf, profiled, valueOf } from '../scenario/measure.ts';
import { wordsIn, type WithWords } from '../catalog/words.ts';
import type { WindowPoint, WindowProfile, WindowResult } from '../stress/window/window-result.ts';
import { curvePlot } from './curve-plot.ts';
import { listed, share, short } from './number.ts';
import { wrapped } from './wrap.ts';
import { isSamePlacement, placementName } from './window-placement.ts';

/** A plot shows offsets where a curve reaches this share of its peak, and some more on both sides. */
const SHOWN_SHARE = 0.04;
const MARGIN = 0.25;

/** What is drawn of a result. */
export interface WindowCurves {
  readonly profiles: readonly WindowProfile[];
  /** What a fix put right; undefined where violations are drawn. */
  readonly mended: MeasureWords | undefined;
  /** Drawn behind it, if the scenario measures it. */
  readonly met: MeasureWords | undefined;
}

/**
 * The strategy's own profiles: of a fix what it put right, as its violations are none. Where the scenario does not measure that,
 * the violations of the control beside it.
 */
export function windowCurves(result: WindowResult): WindowCurves {
  const { measures } = wordsIn(result);
  const isFix = result.expectation === 'holds';
  const mended = isFix ? measureOf(measures, 'mended') : undefined;
  const isOfControl = isFix && mended === undefined;
  return {
    profiles: result.profiles.filter(({ isControl }) => isControl === isOfControl),
    mended,
    met: measureOf(measures, 'met'),
  };
}

/** How often what is drawn was counted at a point, and what is drawn behind it. */
export function drawnAt(
  point: WindowPoint,
  { mended, met }: Pick<WindowCurves, 'mended' | 'met'>,
): { readonly count: number; readonly behind: number } {
  const of = (measure: MeasureWords): number => valueOf(point, 'window', measure) ?? 0;
  return {
    count: mended === undefined ? point.hits : of(mended),
    behind: met === undefined ? 0 : of(met),
  };
}

/** A plot per profile, those of a placement with one horizontal axis. */
export function windowPlots(result: WindowResult): string[] {
  const curves = windowCurves(result);
  const { profiles } = curves;
  const lines = wrapped(windowLegend(result, curves));
  for (const profile of profiles) {
    const here = profiles.filter(({ placement }) => isSamePlacement(placement, profile.placement));
    const [from, to] = shownSpan(here, result) ?? result.config.rangeNs;
    const points = profile.points
      .filter(({ trials }) => trials > 0)
      .map((point) => {
        const { count, behind } = drawnAt(point, curves);
        const rate = count / point.trials;
        return { offset: point.offsetNs, rate, behind: Math.max(rate, behind / point.trials) };
      });
    lines.push('', ...wrapped(titleOf(profile)), ...curvePlot({ points, from, to, unit: 'ns' }));
  }
  return lines;
}

function windowLegend(
  { calibration, expectation }: WindowResult,
  { profiles, mended, met }: WindowCurves,
): string {
  const who = expectation === 'holds' && mended === undefined ? ` under ${profiles[0]?.strategy ?? ''}` : '';
  const bars = `█ ${mended === undefined ? `violated${who}` : phrasesOf(mended).share}`;
  const behind = met === undefined ? '' : ` and ░ ${labelOf(met)}`;
  return `${bars}${behind}, share of the trials, by how much later ${listed(calibration.shifted)} starts`;
}

function titleOf({ placement, lastToucher, trials }: WindowProfile): string {
  return `${placementText(placement)}, ${lastToucher} last, ${short(trials)} trials`;
}

function placementText(placement: WindowProfile['placement']): string {
  const where = `round trip ${short(placement.roundTripNs)} ns`;
  const name = placementName(placement);
  return name === '' ? where : `${name}, ${where} (${share(placement.share, 1)} of the visits)`;
}

/** The offsets that are worth a look in any of the profiles; undefined if none is. */
export function shownSpan(
  profiles: readonly WindowProfile[],
  result: WithWords,
): readonly [number, number] | undefined {
  const measures = profiled(wordsIn(result).measures);
  const shown = profiles.flatMap(({ points }) => {
    const rates = points.map((point) => ({
      offsetNs: point.offsetNs,
      rate:
        Math.max(point.hits, ...measures.map((measure) => valueOf(point, 'window', measure) ?? 0)) /
        Math.max(1, point.trials),
    }));
    const top = Math.max(...rates.map(({ rate }) => rate));
    return rates.filter(({ rate }) => rate > 0 && rate >= SHOWN_SHARE * top).map(({ offsetNs }) => offsetNs);
  });
  const all = profiles.flatMap(({ points }) => points.map(({ offsetNs }) => offsetNs));
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  if (!(low < high)) return undefined;
  const margin = MARGIN * (high - low);
  return [
    Math.max(Math.min(...all), Math.round(low - margin)),
    Math.min(Math.max(...all), Math.round(high + margin)),
  ];
}
