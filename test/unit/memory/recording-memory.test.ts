import { extentBufferStructures as structures } from '../../../src/subject/extent-buffer/v5.7/structures.ts';
import { describe, expect, it } from 'vitest';
import { LOGGED_KINDS } from '../../../src/explore/explain/log-follower.ts';
import { Kind } from '../../../src/explore/program/step.ts';
import { SUSPENDED, SuspensionMemory } from '../../../src/explore/program/suspension-memory.ts';
import { type Access, accessKinds, accessNames } from '../../../src/memory/access.ts';
import { perform } from '../../../src/memory/perform.ts';
import { atomicsMemoryClass } from '../../../src/memory/atomics-memory.ts';
import { checkedMemoryClass } from '../../../src/memory/checked-memory.ts';
import { CONTROL_WORDS } from '../../../src/memory/control.ts';
import { EB_SLAB, FS_TREE_SLOT, bufferAt } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { type FsInfo, SLAB_ALLOCATED, FS_OOPS, PAGE_FLAGS, pageAt } from '../../../src/memory/layout.ts';
import { PG_LOCKED } from '../../../src/memory/page-flags.ts';
import { LOG_CUT, logWordsFor, recordingMemoryClass } from '../../../src/memory/recording-memory.ts';
import type { SharedMemory } from '../../../src/memory/shared-memory.ts';

const geometry = { structures, pages: 1, buffers: 2 };
const fs = (CONTROL_WORDS + 64) as FsInfo;
const WORD = fs + FS_TREE_SLOT;
const LOG = 4096;

function recordingMemory(logWords = 64): {
  readonly words: Int32Array;
  readonly memory: InstanceType<ReturnType<typeof recordingMemoryClass>>;
} {
  const words = new Int32Array(new SharedArrayBuffer(8192 * 4));
  const worlds = { base: fs, words: 1024 };
  const place = { words, geometry, actorBase: CONTROL_WORDS, actorCount: 1, actor: 0, spinsMax: 10, worlds };
  const Memory = checkedMemoryClass(atomicsMemoryClass(place), geometry);
  const memory = new (recordingMemoryClass(Memory, { words, logWords }))();
  memory.enter(fs);
  memory.beginTrial(LOG);
  return { words, memory };
}

/** Makes an access in a world where none waits. */
function take(memory: SharedMemory, access: Access): unknown {
  const { target, operands } = accessKinds[access];
  const ofPlace = {
    'page-lock': pageAt(fs, 0),
    slab: fs,
    object: bufferAt(fs, geometry, 0),
    'spin-lock': WORD + 1,
  };
  const address = Object.entries(ofPlace).find(([name]) => name === target)?.[1] ?? WORD;
  return perform(memory, access, address, operands === 'bit' ? 1 : 1000, 8);
}

/** The kind that the explore engine gives the step of a method. */
function kindOf(access: Access): number {
  const memory = new SuspensionMemory({ cutsLogs: false, mayCatch: true, ownMailbox: -1, objectSize: 16 });
  memory.isRunning = true;
  expect(() => take(memory, access)).toThrow(SUSPENDED);
  return memory.pending?.kind ?? Kind.Done;
}

describe('a recording memory', () => {
  it.each(accessNames)('logs %s if the explore engine expects its result in a log', (access) => {
    const { words, memory } = recordingMemory();
    const eb = bufferAt(fs, geometry, 0);
    words[eb + EB_SLAB] = accessKinds[access].target === 'slab' ? 0 : SLAB_ALLOCATED;

    const returned = take(memory, access);
    memory.endTrial();

    const logged = LOGGED_KINDS.has(kindOf(access)) ? [returned] : [];
    expect([...words.subarray(LOG + 1, LOG + 1 + (words[LOG] ?? 0))]).toEqual(logged);
  });

  it.each<[string, (memory: SharedMemory) => void]>([
    ['spinLock', (memory) => memory.spinLock(WORD)],
    ['lockPage', (memory) => memory.lockPage(pageAt(fs, 0))],
    ['waitOnPageLocked', (memory) => memory.waitOnPageLocked(pageAt(fs, 0))],
  ])('says of a log that %s went on in it without what it waited for, and of no other', (_name, wait) => {
    const { words, memory } = recordingMemory();
    words[fs + FS_OOPS] = 1;

    wait(memory);
    memory.endTrial();
    const free = words[LOG];
    memory.beginTrial(LOG);
    words[WORD] = 99;
    words[pageAt(fs, 0) + PAGE_FLAGS] = 1 << PG_LOCKED;
    wait(memory);
    memory.endTrial();

    expect([free, words[LOG]]).toEqual([0, LOG_CUT]);
  });

  it('knows every method of a shared memory that is a step', () => {
    const { memory } = recordingMemory();
    const others = new Set([
      'constructor',
      'onFault',
      'enter',
      'leave',
      'gone',
      'brokeWait',
      'slabStateOf',
      'beginTrial',
      'endTrial',
      'record',
      'delay',
      'writeGhost',
      'recordOops',
    ]);
    const methods = new Set<string>();
    for (let at: object = memory; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
      for (const name of Object.getOwnPropertyNames(at)) methods.add(name);
    }

    expect([...methods].filter((name) => !others.has(name)).toSorted()).toEqual(accessNames.toSorted());
  });

  it('logs what steps return, in their order, and what is recorded beside them', () => {
    const { words, memory } = recordingMemory();

    memory.atomicSet(WORD, 5);
    memory.atomicFetchInc(WORD);
    memory.testBit(0, WORD);
    memory.record(2);
    memory.atomicRead(WORD);
    memory.endTrial();

    expect([...words.subarray(LOG, LOG + 5)]).toEqual([4, 5, 0, 2, 6]);
  });

  it('counts results for which there is no room, and writes nothing there', () => {
    const { words, memory } = recordingMemory(4);
    words[LOG + 4] = -1;

    for (let step = 0; step < 6; step++) memory.atomicRead(WORD);
    memory.endTrial();

    expect(words[LOG]).toBe(6);
    expect(words[LOG + 4]).toBe(-1);
  });

  it('begins each trial anew', () => {
    const { words, memory } = recordingMemory();

    memory.atomicRead(WORD);
    memory.endTrial();
    memory.beginTrial(LOG + 64);
    memory.endTrial();

    expect([words[LOG], words[LOG + 64]]).toEqual([1, 0]);
  });
});

it('leaves room for the longest way through a program, and takes whole cache lines', () => {
  for (const pages of [1, 4, 16]) {
    expect(logWordsFor(pages)).toBeGreaterThan(22 * pages + 60);
    expect(logWordsFor(pages) % 16).toBe(0);
  }
});
