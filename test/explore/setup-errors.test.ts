import type { Strategy as AnyStrategy } from '../../src/fix/strategy.ts';
import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import { describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../src/explore/explore.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { ExtentBufferStrategy as Strategy } from '../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { EB_IO_PAGES, type ExtentBuffer } from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { PAGE_FLAGS, pageAt } from '../../src/memory/layout.ts';
import { PG_ERROR } from '../../src/memory/page-flags.ts';
import { EIO } from '../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import { Note } from '../../src/subject/extent-buffer/v5.7/note.ts';
import { settingFor } from '../helpers/explore-setting.ts';

interface Where {
  readonly actors?: string;
  readonly pages?: number;
  readonly setupsFail?: boolean;
}

function search(
  strategy: AnyStrategy,
  { actors = 'finder=1,reclaim=1', pages = 1, setupsFail = true }: Where = {},
): ExploreResult {
  return explore({
    setting: settingFor('primed', actors, pages),
    strategy,
    chances: { setupsFail },
    limits: { countStatesMax: 0 },
  });
}

const broken = ({ violations }: ExploreResult): string[] => violations.map(({ invariant }) => invariant);

describe('a page that stays counted although its read could not be set up', async () => {
  const counted = await loadStrategy('upstream~submit_reads/atomic_dec.eb.io_pages/drop', extentBuffer);

  it('breaks the references at rest, and without the bug nothing does', () => {
    expect(broken(search(counted))).toEqual(['Q1']);
    expect(search(upstream)).toMatchObject({ verdict: 'holds', complete: true });
  });

  it('does not show where every read is set up', () => {
    expect(broken(search(counted, { setupsFail: false }))).toEqual([]);
  });

  it('is shown by a schedule that says so, step by step', () => {
    const witness = search(counted).violations[0]?.witness;

    expect(parseSchedule(witness?.schedule ?? '')).toMatchObject({ readsFail: false, setupsFail: true });
    const asked = witness?.steps.filter(({ operation }) => operation === 'setup_fails');
    expect(asked).toMatchObject([{ field: '', operand: '', result: 'true', changes: [] }]);
  });
});

describe('a read that could not be set up', () => {
  it('ends a trial in its own outcome, and never where setups do not fail', () => {
    const names = (setupsFail: boolean): string[] =>
      search(upstream, { setupsFail }).outcomes.map(({ name }) => name);

    expect(names(true)).toContain('read-failed');
    expect(names(false)).not.toContain('read-failed');
  });

  // Linux 5.7 unlocks the page before it takes it back from io_pages, which another reader may have set by then.
  it('is counted too late by the kernel: the count of the next reader is one too low', () => {
    const prompt: Strategy = {
      ...upstream,
      name: 'prompt-count',
      extend: (Base) =>
        class Prompt extends upstream.extend(Base) {
          protected override submitReads(eb: ExtentBuffer): number {
            const page = pageAt(this.fsInfo, 0);
            this.mem.clearBit(PG_ERROR, page + PAGE_FLAGS);
            if (!this.blockLayer.setupFails()) {
              this.submitOneBio(eb, 1);
              return 0;
            }
            this.note(Note.ReadFailed);
            this.mem.atomicDec(eb + EB_IO_PAGES);
            this.mem.unlockPage(page);
            return EIO;
          }
        },
    };
    const actors = 'readahead=1,finder=1';

    expect(broken(search(upstream, { actors }))).toEqual(['B1', 'B10', 'UAF', 'Q1', 'Q3']);
    expect(search(prompt, { actors })).toMatchObject({ verdict: 'holds', complete: true });
  });
});
