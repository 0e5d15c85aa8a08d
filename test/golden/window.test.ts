import { describe, expect, it } from 'vitest';
import { plain } from '../../src/report/paint.ts';
import { windowReport } from '../../src/report/window-report.ts';
import { windowFlat, windowOfNone, windowOfUpstream, windowPlaced } from '../unit/report/sample-window.ts';

describe('windowReport', () => {
  it.each([
    ['window-none', windowOfNone],
    ['window-upstream', windowOfUpstream],
    ['window-flat', windowFlat],
    ['window-placed', windowPlaced],
  ])('%s', async (name, result) => {
    const report = windowReport(result, plain);

    expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(report.split('\n').filter((line) => line !== line.trimEnd())).toEqual([]);
    await expect(report).toMatchFileSnapshot(`./${name}.txt`);
  });

  it('renders a saved result again byte for byte', () => {
    const saved = JSON.parse(JSON.stringify(windowOfUpstream)) as typeof windowOfUpstream;

    expect(windowReport(saved, plain)).toBe(windowReport(windowOfUpstream, plain));
  });
});
