import { extentBufferStructures } from '../../../src/subject/extent-buffer/v5.7/structures.ts';
import { describe, expect, it } from 'vitest';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import type { RoleCount } from '../../../src/scenario/scenario.ts';
import { scenarioNamed } from '../../../src/catalog/registry.ts';
import { parseActorsText } from '../../../src/scenario/role-count.ts';
import { resolveSetting, type Setting, type SettingOptions } from '../../../src/scenario/setting.ts';

function resolve(options: Omit<SettingOptions, 'scenario'> = {}): Setting {
  return resolveSetting({ scenario: readaheadVsReleasepage, ...options });
}

/** `{ finder: 1, reclaim: 1 }` as counts of roles. */
function cast(counts: Readonly<Record<string, number>>): readonly RoleCount[] {
  return Object.entries(counts).map(([role, count]) => ({ role, count }));
}

describe('resolveSetting', () => {
  it('takes the first start state, its actors and four pages by default', () => {
    const { start, actors, geometry, completion, submitters } = resolve();

    expect(start.name).toBe('primed');
    expect(actors.map(({ label, ordinal }) => [label, ordinal])).toEqual([
      ['finder', 0],
      ['reclaim', 0],
    ]);
    expect({ geometry, completion, submitters }).toEqual({
      geometry: { structures: extentBufferStructures, pages: 4, buffers: 1 },
      completion: 'none',
      submitters: 0,
    });
  });

  it('numbers actors of one role, also if they are named twice', () => {
    const actors = [...cast({ finder: 2, reclaim: 1 }), ...cast({ finder: 1 })];

    expect(resolve({ actors }).actors.map(({ label }) => label)).toEqual([
      'finder#0',
      'finder#1',
      'reclaim',
      'finder#2',
    ]);
  });

  it('has room for every buffer that can exist at the same time', () => {
    expect(resolve({ start: 'cold' }).geometry.buffers).toBe(2);
    expect(resolve({ actors: cast({ readahead: 3, reclaim: 1 }) }).geometry.buffers).toBe(4);
    expect(resolve({ start: 'cold', actors: cast({ finder: 1, reclaim: 1 }) }).geometry.buffers).toBe(1);
  });

  it.each([
    { actors: { finder: 1, reclaim: 1 }, completion: 'none', submitters: 0, epilogues: [] },
    {
      actors: { readahead: 2, reclaim: 1 },
      completion: 'own-interrupt',
      submitters: 0,
      epilogues: ['end_bio_extent_readpage', 'end_bio_extent_readpage'],
    },
    {
      actors: { reclaim: 1, read: 1, finder: 1, 'end-io': 1 },
      completion: 'end-io',
      submitters: 0b110,
      epilogues: ['no more reads', 'no more reads'],
    },
  ])('completes the reads of $actors by $completion', ({ actors, completion, submitters, epilogues }) => {
    const setting = resolve({ actors: cast(actors) });

    expect(setting.completion).toBe(completion);
    expect(setting.submitters).toBe(submitters);
    expect(setting.actors.flatMap(({ epilogue }) => (epilogue === undefined ? [] : [epilogue.name]))).toEqual(
      epilogues,
    );
  });

  it('accepts as many actors as a world has room for', () => {
    expect(resolve({ actors: cast({ finder: 15, reclaim: 1 }) }).actors).toHaveLength(16);
  });

  it.each([
    {
      why: 'the start state is unknown',
      options: { start: 'warm' },
      message: "unknown start state 'warm': choose primed, cold",
    },
    {
      why: 'a role is unknown',
      options: { actors: cast({ finder: 1, writer: 1 }) },
      message: "unknown actor 'writer': choose from finder, readahead, read, reclaim, end-io",
    },
    {
      why: 'there is one actor',
      options: { actors: cast({ reclaim: 1 }) },
      message: 'a race needs at least two actors, such as finder=1,reclaim=1; got 1',
    },
    {
      why: 'there are too many actors',
      options: { actors: cast({ finder: 12, reclaim: 5 }) },
      message: '17 actors are too many: a world has room for 16',
    },
    {
      why: 'a read waits for nobody',
      options: { actors: cast({ read: 1, reclaim: 1 }) },
      message: "actor 'read' waits for its read: add an actor that completes it, such as end-io=1",
    },
  ])('says what to do where $why', ({ options, message }) => {
    expect(() => resolve(options)).toThrow(new RangeError(message));
  });
});

describe('a start state', () => {
  const refused = (scenario: string, start: string, actors: string): string => {
    try {
      resolveSetting({ scenario: scenarioNamed(scenario), start, actors: parseActorsText(actors) });
      return '';
    } catch (error) {
      return error instanceof RangeError ? error.message : String(error);
    }
  };

  it.each([
    ['stale-reuse', 'stale', 'holder=2,recycler=1', "start 'stale' serves 1 'holder', got 2"],
    [
      'stale-reuse',
      'stale',
      'deleter=1,recycler=1',
      "start 'stale' has nothing for an actor 'deleter': choose another start or other actors",
    ],
    [
      'stale-reuse',
      'deleting',
      'holder=1,allocator=1',
      "actor 'allocator' waits for what 'deleter' does: add deleter=1",
    ],
    ['dying-buffer', 'stale', 'holder=2,recycler=1', "start 'stale' serves 1 'holder', got 2"],
    ['stale-reuse', 'deleting', 'holder=1,deleter=1,allocator=1', ''],
    [
      'stale-reuse',
      'deleting',
      'deleter=1,allocator=1',
      "start 'deleting' counts on holder=1: nobody else gives back what it has",
    ],
    ['last-puts', 'held', 'path=2', "start 'held' counts on staler=1: nobody else gives back what it has"],
    [
      'dying-folio',
      'dying',
      'allocator=1,reclaim=1',
      "start 'dying' counts on dying-put=1: nobody else gives back what it has",
    ],
  ])('of %s, %s, serves %s or says what it lacks', (scenario, start, actors, message) => {
    expect(refused(scenario, start, actors)).toBe(message);
  });
});
