import { labelOf, measureOf, type MeasureWords, valueOf } from '../scenario/measure.ts';
import { wordsIn } from '../catalog/words.ts';
import type { WindowCurve, WindowProfile, WindowResult } from '../stress/window/window-result.ts';
import { counted, grouped, listed, short } from './number.ts';
import type { VerdictText } from './verdict-text.ts';
import { isSamePlacement, placementName } from './window-placement.ts';

/** What the figures of a profile mean, a sentence or two each. */
export function windowFindings(result: WindowResult): string[] {
  const { calibration, environment, expectation, strategy } = result;
  const own = result.profiles.filter(({ isControl }) => !isControl);
  const others = result.calibration.spins
    .map(({ actor }) => actor)
    .filter((actor) => !calibration.shifted.includes(actor));
  const half = environment.roundTripNs === null ? '' : ` (${short(environment.roundTripNs / 2)} ns)`;
  return [
    ...(expectation === 'holds' ? coverage(result) : own.flatMap((profile) => contrast(strategy, profile))),
    'The width is the area under the curve: for how long the window is open. Jitter of the start broadens a curve and ' +
      'lowers its peak (FWHM: full width at half of it), and leaves its area as it is.',
    `The offset is how much later ${listed(calibration.shifted)} starts than ${listed(others)}; its zero, where all are ` +
      `taken to be let go at once, is true to about half a round trip${half}. Who is last has brought the memory into ` +
      'the start state, so that its core owns the cache lines.',
  ];
}

/** How far the peak stands above the rate at zero and above the plateau. */
function contrast(strategy: string, { violations, placement, lastToucher }: WindowProfile): string[] {
  const { peak, zeroRate, plateauRate } = violations;
  const where = whereOf(placement, lastToucher);
  if (peak === null) return [`${strategy}, ${where}: no peak stands out.`];
  const over = (rate: number, what: string): string =>
    rate === 0 ? `while ${what} shows none` : `${short(peak.rate / rate)} times that of ${what}`;
  return [
    `${strategy}, ${where}: the rate at the peak is ${over(zeroRate, 'offset zero')}, ${over(plateauRate, 'the plateau')}.`,
  ];
}

function whereOf(placement: WindowProfile['placement'], lastToucher: string): string {
  const name = placementName(placement);
  return `${name === '' ? '' : `${name}, `}${lastToucher} last`;
}

/** What a fix makes of the window that the control has. */
function coverage(result: WindowResult): string[] {
  const { profiles, strategy } = result;
  const mended = measureOf(wordsIn(result).measures, 'mended');
  const own = profiles.filter(({ isControl }) => !isControl);
  const trials = own.reduce((sum, profile) => sum + profile.trials, 0);
  const violations = own.reduce((sum, profile) => sum + profile.violations.total, 0);
  const sentences = [
    `${strategy}: ${counted(violations, 'violation')} in ${counted(trials, 'trial', short)}.`,
  ];
  for (const profile of own) {
    const control = profiles.find(
      ({ isControl, placement, lastToucher }) =>
        isControl && isSamePlacement(placement, profile.placement) && lastToucher === profile.lastToucher,
    );
    if (control === undefined) continue;
    const where = whereOf(profile.placement, profile.lastToucher);
    sentences.push(
      `${where}: ${control.strategy} violated ${grouped(control.violations.total)} times at the same offsets, over a ` +
        `width of ${short(control.violations.widthNs)} ns${covered(profile, mended, control.violations)}.`,
    );
  }
  return sentences;
}

/** Nothing where the scenario does not measure what a fix puts right. */
function covered(profile: WindowProfile, mended: MeasureWords | undefined, control: WindowCurve): string {
  if (mended === undefined) return '';
  const { strategy } = profile;
  const curve = valueOf(profile, 'window', mended);
  const label = labelOf(mended);
  if (curve === undefined || curve.total === 0) return `; ${strategy} notes no ${label}`;
  const ratio = control.widthNs === 0 ? '' : `, ${short(curve.widthNs / control.widthNs)} times as much`;
  return `; the ${label} of ${strategy} cover ${short(curve.widthNs)} ns${ratio}`;
}

/** The verdict of a profile. */
export function windowVerdict({ verdict, strategy, expectation, profiles }: WindowResult): VerdictText {
  switch (verdict) {
    case 'measured':
      return {
        word: 'MEASURED',
        tone: 'good',
        reasons:
          expectation === 'holds'
            ? [`The control violated, ${strategy} did not.`]
            : [`The window of ${strategy} stands out from its plateau.`],
      };
    case 'flat':
      return {
        word: 'INCONCLUSIVE',
        tone: 'unsure',
        reasons: [
          profiles.length === 0
            ? 'No profile has visits at enough offsets.'
            : `No offset stands out from the others${expectation === 'holds' ? ' for the control' : ''}: the curve is flat, or the run too short.`,
        ],
      };
    case 'violated':
      return { word: 'VIOLATED', tone: 'bad', reasons: [`${strategy} should hold, and violated.`] };
  }
}
