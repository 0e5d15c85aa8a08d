/** What threads showed of the order of their accesses before a run in which stores were to wait. */
import type { Calibration, CalibrationTest } from '../stress/result/calibration-result.ts';
import { counted, grouped, listed, short } from './number.ts';

/** The section of a report; nothing of a run that was not calibrated. */
export function calibrationLines(calibration: Calibration | undefined): string[] {
  if (calibration === undefined) return [];
  const { tests } = calibration;
  const width = Math.max(...tests.map(({ name }) => name.length));
  return [
    'calibration: outcomes that no order of the accesses explains',
    ...tests.map((test) => `  ${test.name.padEnd(width)}  ${testText(test)}`),
  ];
}

function testText({ wants, trials, unexplained, crossed }: CalibrationTest): string {
  const found = `${grouped(unexplained)} in ${counted(trials, 'trial', short)}`;
  if (wants === 'some') return `${found}: ${unexplained > 0 ? 'stores wait' : 'NO STORE WAITED'}`;
  if (unexplained > 0) return `${found}: NO X86-64 DOES THAT`;
  return `${found}, ${grouped(crossed)} crossed: ${crossed > 0 ? 'as it must be' : 'SAYS NOTHING'}`;
}

/** Why a run in which stores were to wait shows nothing, or not what it is for; undefined where its grounds are whole. */
export function groundsObjection(calibration: Calibration | undefined): string | undefined {
  if (calibration === undefined) return undefined;
  const { tests, shows, control } = calibration;
  if (shows === 'other-order') {
    const broken = tests.filter(({ wants, unexplained }) => wants === 'none' && unexplained > 0);
    return (
      `Before the run threads did what no x86-64 does (${listed(broken.map(({ name }) => name))}), so that neither a violation ` +
      'nor a zero says anything of one: try another version of Node.'
    );
  }
  if (shows === 'no-buffers')
    return 'Before the run no store was seen to wait, or the actors hardly met, so that a zero says nothing: run on idle processors.';
  if (control === null)
    return 'No control is known here that violates only where stores wait, so that a zero says nothing: let explore prove it with --ordering x86.';
  return undefined;
}
