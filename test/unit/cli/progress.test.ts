import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressLine, progressText } from '../../../src/cli/progress.ts';
import { short } from '../../../src/report/number.ts';
import { tail } from '../../../src/report/wrap.ts';
import { fakeIo } from './fake-io.ts';

const arms = [
  { strategy: 'none', trials: 3_000_000, violations: 1234 },
  { strategy: 'upstream', trials: 2_900_000, violations: 0 },
];

describe('progressText', () => {
  it('says how long, how far, and what was seen', () => {
    expect(progressText({ elapsedMs: 2345, fraction: 0.239, arms }, 80)).toBe(
      '2.3 s 23 %  violations/trials: none 1.23k/3.00M  upstream 0/2.90M',
    );
  });

  it('says that a setting is looked for', () => {
    const progress = { elapsedMs: 2345, fraction: 0, arms: arms.slice(0, 1), tuningBlocks: 63 };

    expect(progressText(progress, 80)).toBe('2.3 s tuning, 63 blocks  violations/trials: none 1.23k/3.00M');
    expect(progressText({ ...progress, isConfirming: true }, 80)).toMatch(/^2\.3 s confirming, 63 blocks /);
  });

  it('shows what is tested where there is no room for its controls', () => {
    const four = ['none', 'early-check', 'locked-io-pages', 'upstream'].map((strategy) => ({
      strategy,
      trials: 31_400_000,
      violations: 123_456,
    }));
    const isControl = (name: string): boolean => name !== 'upstream';

    expect(progressText({ elapsedMs: 2345, fraction: 0.239, arms: four }, 79, isControl)).toBe(
      '2.3 s 23 %  violations/trials: upstream 123k/31.4M  none 123k/31.4M  +2',
    );
    expect(progressText({ elapsedMs: 2345, fraction: 0.239, arms: four }, 200, isControl)).toMatch(
      /: none .* upstream /,
    );
  });

  it('shows at 80 columns what is tested, whatever it is called and however many controls there are', () => {
    const name = fc.stringMatching(/^[a-z./-]{1,80}$/);
    const count = fc.integer({ min: 0, max: 1e15 });
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 6 }), count, (fix, controls, violations) => {
        const others = controls.filter((control) => control !== fix);
        const all = [...others, fix].map((strategy) => ({ strategy, trials: 1e15, violations }));
        const isControl = (strategy: string): boolean => strategy !== fix;
        const text = progressText({ elapsedMs: 86_399_000, fraction: 0.999, arms: all }, 79, isControl);

        expect(text.length).toBeLessThanOrEqual(79);
        expect(text).toContain(`${tail(fix, 18)} ${short(violations)}/${short(1e15)}`);
      }),
    );
  });

  it('never exceeds the terminal, nor 100 %', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.double(), (columns, fraction) => {
        const text = progressText({ elapsedMs: 1000, fraction, arms }, columns);

        expect(text.length).toBeLessThanOrEqual(columns);
        expect(text).not.toMatch(/\b(10[1-9]|[2-9]\d\d|\d{4,}) %|-\d/);
      }),
    );
  });
});

describe('ProgressLine', () => {
  it('overwrites what a longer line left behind', async () => {
    const io = fakeIo({ isTTY: true });
    const line = new ProgressLine(io.stderr);
    await line.show({ elapsedMs: 900, fraction: 0.1, arms }, () => false);
    await line.show({ elapsedMs: 1000, fraction: 0.2, arms: [] }, () => false);
    await line.clear();
    const screen = io
      .err()
      .split('\r')
      .reduce((shown, text) => text + shown.slice(text.length), '');

    expect(screen.trim()).toBe('');
    expect(io.err().endsWith('\r')).toBe(true);
  });

  it('writes nothing if nothing was shown', async () => {
    const io = fakeIo({ isTTY: true });
    await new ProgressLine(io.stderr).clear();

    expect(io.err()).toBe('');
  });
});
