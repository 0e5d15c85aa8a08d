import { labelOf, measureOf, valueOf } from '../scenario/measure.ts';
import { wordsIn } from '../catalog/words.ts';
import type { WindowCurve, WindowProfile, WindowResult } from '../stress/window/window-result.ts';
import { percent, share, short, UNKNOWN } from './number.ts';
import { plain } from './paint.ts';
import { type Row, type TextTable, textTable } from './text-table.ts';
import { placementName } from './window-placement.ts';

/** Every curve in figures: peak, half width and width, by what is counted. */
export function windowTable(result: WindowResult): string[] {
  const own = result.profiles.filter(({ isControl }) => !isControl);
  const control = result.profiles.filter(({ isControl }) => isControl);
  const { measures } = wordsIn(result);
  const rows: Row[] = [];
  const add = (
    heading: string,
    profiles: readonly WindowProfile[],
    of: (profile: WindowProfile) => WindowCurve | undefined,
  ): void => {
    for (const name of new Set(profiles.map(({ placement }) => placementName(placement)))) {
      rows.push({ kind: 'heading', text: name === '' ? heading : `${name}: ${heading}` });
      for (const profile of profiles) {
        const curve = of(profile);
        if (placementName(profile.placement) === name && curve !== undefined)
          rows.push(rowOf(profile, curve));
      }
    }
  };
  if (result.expectation === 'violates') add('violations', own, ({ violations }) => violations);
  else {
    const mended = measureOf(measures, 'mended');
    if (mended !== undefined) {
      add(`${labelOf(mended)} of ${result.strategy}`, own, (profile) => valueOf(profile, 'window', mended));
    }
    for (const strategy of new Set(control.map((profile) => profile.strategy))) {
      add(`violations of ${strategy}, the control`, control, ({ violations }) => violations);
    }
  }
  const met = measureOf(measures, 'met');
  if (met !== undefined) add(labelOf(met), own, (profile) => valueOf(profile, 'window', met));
  const table: TextTable = {
    columns: [
      { header: 'peak, ns', align: 'right' },
      { header: 'rate', align: 'right' },
      { header: 'at zero', align: 'right' },
      { header: 'plateau', align: 'right' },
      { header: 'FWHM, ns', align: 'right' },
      { header: `width, ns [${percent(0.95)}]`, align: 'left' },
    ],
    rows,
  };
  return textTable(table, plain);
}

function rowOf({ lastToucher }: WindowProfile, curve: WindowCurve): Row {
  const { peak, zeroRate, plateauRate, halfWidthNs, widthNs, widthInterval } = curve;
  const interval =
    widthInterval === null ? '' : ` [${short(widthInterval.low)}, ${short(widthInterval.high)}]`;
  return {
    kind: 'cells',
    label: `${lastToucher} last`,
    cells: [
      peak === null ? UNKNOWN : String(peak.offsetNs),
      peak === null ? UNKNOWN : share(peak.rate, 1),
      share(zeroRate, 1),
      share(plateauRate, 1),
      halfWidthNs === null ? UNKNOWN : short(Math.round(halfWidthNs)),
      `${short(widthNs)}${interval}`,
    ],
  };
}
