import { describe, expect, it } from 'vitest';
import { calibrationLines, groundsObjection } from '../../../src/report/calibration-text.ts';
import { orderingObjection } from '../../../src/stress/plan/ordering-objection.ts';
import {
  type Calibration,
  calibrationOf,
  type CalibrationTest,
} from '../../../src/stress/result/calibration-result.ts';
import type { ArmResult } from '../../../src/stress/result/result.ts';
import { borneOut } from '../../../src/stress/result/weak-verdicts.ts';

const tests = (buffered: number, passed: number, fenced: number, crossed = 100): CalibrationTest[] => [
  { name: 'store buffering', wants: 'some', trials: 1000, unexplained: buffered, crossed },
  { name: 'message passing', wants: 'none', trials: 1000, unexplained: passed, crossed },
  { name: 'store buffering with smp_mb()', wants: 'none', trials: 1000, unexplained: fenced, crossed },
];

const calibrated = (
  of: readonly CalibrationTest[],
  control: string | null = 'announce-find',
): Calibration => ({ ...calibrationOf(of), control });
const whole = calibrated(tests(7, 0, 0));

describe('a calibration', () => {
  it('shows an x86-64 where stores wait and nothing else does', () => {
    expect(whole.shows).toBe('x86');
    expect(groundsObjection(whole)).toBeUndefined();
    expect(calibrationLines(whole)).toMatchInlineSnapshot(`
      [
        "calibration: outcomes that no order of the accesses explains",
        "  store buffering                7 in 1.00k trials: stores wait",
        "  message passing                0 in 1.00k trials, 100 crossed: as it must be",
        "  store buffering with smp_mb()  0 in 1.00k trials, 100 crossed: as it must be",
      ]
    `);
  });

  it('shows nothing where no store waited, or the actors never came between each other', () => {
    for (const of of [tests(0, 0, 0), tests(7, 0, 0, 0)]) {
      expect(calibrated(of).shows).toBe('no-buffers');
      expect(groundsObjection(calibrated(of))).toContain('a zero says nothing');
    }
  });

  it.each([tests(7, 1, 0), tests(7, 0, 1), tests(0, 1, 0, 0)])(
    'shows another order where something else happened than on an x86-64',
    (...of) => {
      expect(calibrated(of).shows).toBe('other-order');
      expect(groundsObjection(calibrated(of))).toContain('neither a violation nor a zero says anything');
      expect(calibrationLines(calibrated(of)).join('\n')).toContain('NO X86-64 DOES THAT');
    },
  );
});

const arm = (
  strategy: string,
  expectation: 'holds' | 'violates',
  verdict: ArmResult['verdict'],
  perMillion = 0,
): ArmResult =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is looked at
  ({ strategy, expectation, verdict, rate: { perMillion } }) as ArmResult;

const upstream = arm('upstream', 'holds', 'clean');
const none = arm('none', 'violates', 'violated', 5);
const announce = arm('announce-find', 'violates', 'violated', 9);
const verdicts = (arms: readonly ArmResult[], calibration: Calibration | undefined): string[] =>
  borneOut(arms, calibration).map(({ verdict }) => verdict);

describe('the verdict of a run whose stores wait', () => {
  it('is what was counted on whole grounds', () => {
    expect(verdicts([upstream, none, announce], whole)).toEqual(['clean', 'violated', 'violated']);
    expect(verdicts([arm('mine', 'holds', 'violated', 1), none, announce], whole)[0]).toBe('violated');
  });

  it('is never clean without them', () => {
    const silent = arm('announce-find', 'violates', 'inconclusive');
    for (const [arms, calibration] of [
      [[upstream, none, announce], calibrated(tests(0, 0, 0))],
      [[upstream, none, silent], whole],
      [[upstream, arm('none', 'violates', 'inconclusive'), announce], whole],
      [[upstream, none], calibrated(tests(7, 0, 0), null)],
    ] as const) {
      expect(verdicts(arms, calibration)[0]).toBe('inconclusive');
      // What was seen was seen: it happens where no store waits, too.
      expect(verdicts([...arms, arm('mine', 'holds', 'violated', 1)], calibration).at(-1)).toBe('violated');
    }
  });

  it('is none at all where something else happened than on an x86-64', () => {
    expect(verdicts([upstream, none, announce], calibrated(tests(7, 1, 0)))).toEqual(
      Array.from({ length: 3 }, () => 'inconclusive'),
    );
  });

  it('is that of the counts where no store is to wait', () => {
    expect(borneOut([upstream, none], undefined)).toEqual([upstream, none]);
  });
});

describe('an ordering', () => {
  it('is had by threads where the processor has it', () => {
    expect(orderingObjection('sc', 'arm64')).toBeUndefined();
    expect(orderingObjection('x86', 'x64')).toBeUndefined();
    expect(orderingObjection('x86', 'arm64')).toContain('this is arm64');
    expect(orderingObjection('x86', 'arm64')).toContain('no unordered read-modify-write');
    expect(orderingObjection('x86', 'riscv64')).toContain('this is riscv64; explore searches it anywhere');
    expect(orderingObjection('lkmm-stores', 'x64')).toContain('explore alone');
  });
});
