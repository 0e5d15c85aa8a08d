import { describe, expect, it } from 'vitest';
import { scenarioNamed } from '../../../src/catalog/registry.ts';
import { gradedOf } from '../../../src/scenario/graded.ts';
import { calibrationOf, type Calibrated } from '../../../src/stress/result/calibration-result.ts';
import { RunLog } from '../../../src/stress/run/run-log.ts';

const SHAPE = {
  config: { strategies: ['none'] },
  graded: gradedOf(scenarioNamed('readahead-vs-releasepage')),
  actors: ['one', 'two'],
  instances: 1,
  tellsInstances: false,
};
const tested = (unexplained: number): Calibrated =>
  calibrationOf([
    { name: 'store buffering', wants: 'some', trials: 10, unexplained: 3, crossed: 1 },
    { name: 'message passing', wants: 'none', trials: 10, unexplained, crossed: 1 },
  ]);

/** What a run knows after parts that have shown these. */
function after(...parts: readonly Calibrated[]): Calibrated | undefined {
  const log = new RunLog(SHAPE);
  for (const calibration of parts) log.add({ kind: 'calibration', calibration });
  return log.calibration;
}

describe('calibrations of a run that was resumed', () => {
  it('count as the last one, where all have shown the order of an x86-64', () => {
    expect(after()).toBeUndefined();
    expect(after(tested(0), { ...tested(0), tests: [] })).toEqual({ tests: [], shows: 'x86' });
  });

  it('are worth nothing where one has shown another order, whatever comes behind it', () => {
    expect(after(tested(1), tested(0))?.shows).toBe('other-order');
    expect(after(tested(0), tested(1))?.shows).toBe('other-order');
  });

  it('show nothing where nothing was tested', () => {
    expect(calibrationOf([]).shows).toBe('no-buffers');
  });
});
