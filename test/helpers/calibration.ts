/**
 * How many runs a statistical simulation makes: all of them in the project `calibration` (npm run test:calibration; CI
 * runs it where statistics or benches changed), a tenth in the unit tests, which notice what is wrong by far.
 */
const isCalibration = process.env['EBTORTURE_CALIBRATION'] === '1';

/** The runs to make of so many. */
export function runsOf(all: number): number {
  return isCalibration ? all : Math.ceil(all / 10);
}

/** The cases of a simulation that means nothing in a tenth of its runs: all of them where all runs are made, else the first. */
export function casesOf<T>(all: readonly T[]): readonly T[] {
  return isCalibration ? all : all.slice(0, 1);
}

/**
 * How far beyond its limit a share may be in a tenth of `all` runs, by two standard errors of a true `share`; nothing where
 * all runs are made.
 */
export function leeway(share: number, all: number): number {
  return isCalibration ? 0 : 2 * Math.sqrt((share * (1 - share)) / runsOf(all));
}
