import type { WindowProfile, WindowResult } from '../stress/window/window-result.ts';
import { curvePlot } from './curve-plot.ts';
import { listed, share, short } from './number.ts';
import { wrapped } from './wrap.ts';

/** A plot shows offsets where a curve reaches this share of its peak, and some more on both sides. */
const SHOWN_SHARE = 0.04;
const MARGIN = 0.25;

/** A plot per profile of the strategy itself, those of a placement with one horizontal axis. */
export function windowPlots(result: WindowResult): string[] {
  const profiles = result.profiles.filter(({ isControl }) => !isControl);
  const lines = wrapped(windowLegend(result));
  for (const profile of profiles) {
    const here = profiles.filter(({ placement }) => placement.name === profile.placement.name);
    const [from, to] = shownSpan(here) ?? result.config.rangeNs;
    const points = profile.points
      .filter(({ trials }) => trials > 0)
      .map(({ offsetNs, trials, hits, rescues, strips }) => {
        const rate = (result.expectation === 'holds' ? rescues : hits) / trials;
        return { offset: offsetNs, rate, behind: Math.max(rate, strips / trials) };
      });
    lines.push('', ...wrapped(titleOf(profile)), ...curvePlot({ points, from, to, unit: 'ns' }));
  }
  return lines;
}

function windowLegend({ expectation, calibration }: WindowResult): string {
  const bars = expectation === 'holds' ? '█ rescued' : '█ violated';
  return `${bars} and ░ TREE_REF stripped, share of the trials, by how much later ${listed(calibration.shifted)} starts`;
}

function titleOf({ placement, lastToucher, trials }: WindowProfile): string {
  return `${placementText(placement)}, ${lastToucher} last, ${short(trials)} trials`;
}

function placementText({ name, roundTripNs, share: part }: WindowProfile['placement']): string {
  const where = `round trip ${short(roundTripNs)} ns`;
  return name === 'only' ? where : `${name}, ${where} (${share(part, 1)} of the visits)`;
}

/** The offsets that are worth a look in any of the profiles; undefined if none is. */
export function shownSpan(profiles: readonly WindowProfile[]): readonly [number, number] | undefined {
  const shown = profiles.flatMap(({ points }) => {
    const rates = points.map(({ offsetNs, trials, hits, rescues, strips }) => ({
      offsetNs,
      rate: Math.max(hits, rescues, strips) / Math.max(1, trials),
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
