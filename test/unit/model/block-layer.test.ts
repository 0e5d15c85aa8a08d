import { describe, expect, it } from 'vitest';
import {
  BIO_INCOMPLETE,
  closeMailbox,
  FailingSetups,
  OwnMailbox,
  ServedMailbox,
  SlowDevice,
  takeBio,
  takeOwnBio,
} from '../../../src/model/block-layer.ts';
import { statusOf } from '../../../src/model/block-layer.ts';
import { WAIT_NONE } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import { settingFor } from '../../helpers/explore-setting.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

describe('ServedMailbox', () => {
  it('publishes the bio before the bit that says it is there', () => {
    const world = new TestWorld();
    const memory = world.tracing(1);

    new ServedMailbox(memory, 1).submit(world.fs, world.buffer(0), 0b11);

    expect(memory.trace).toEqual(['w fs.bio[1] = 3', 'rmw set fs.io:1']);
  });

  it('hands every bio over once, and then says that no more will come', () => {
    const world = new TestWorld();
    const memory = world.tracing();
    new ServedMailbox(memory, 0).submit(world.fs, world.buffer(0), 0b01);
    new ServedMailbox(memory, 2).submit(world.fs, world.buffer(0), 0b10);
    closeMailbox(memory, world.fs, 0);
    closeMailbox(memory, world.fs, 2);

    const taken = [1, 2, 3].map(() => takeBio(memory, world.fs, 0b101));

    expect(taken).toEqual([0b01, 0b10, 0]);
  });

  it('hands over what was submitted by the sixteenth actor', () => {
    const world = new TestWorld({ actors: 16 });
    const memory = world.tracing(15);
    new ServedMailbox(memory, 15).submit(world.fs, world.buffer(0), 0b11);
    closeMailbox(memory, world.fs, 15);

    expect([takeBio(memory, world.fs, 0x8000), takeBio(memory, world.fs, 0x8000)]).toEqual([0b11, 0]);
  });

  it('waits while a submitter may still submit', () => {
    const world = new TestWorld();
    const memory = world.tracing();
    closeMailbox(memory, world.fs, 0);

    expect(() => takeBio(memory, world.fs, 0b11)).toThrow("'wait_event fs.io != 65536' would wait for ever");
  });

  it('is served while end-io waits for it', () => {
    const world = new TestWorld();
    const memory = world.tracing();
    memory.onBlocked = (): void =>
      new ServedMailbox(world.memory(1), 1).submit(world.fs, world.buffer(0), 0b11);

    expect(takeBio(memory, world.fs, 0b10)).toBe(0b11);
  });

  it('is emptied by one of two end-io actors only', () => {
    const world = new TestWorld();
    const memory = world.tracing();
    new ServedMailbox(world.memory(1), 1).submit(world.fs, world.buffer(0), 0b11);
    closeMailbox(memory, world.fs, 1);
    const testAndClear = memory.testAndClearBit.bind(memory);
    memory.testAndClearBit = (bit, address): boolean => {
      takeBio(world.memory(2), world.fs, 0b10);
      return testAndClear(bit, address);
    };

    expect(takeBio(memory, world.fs, 0b10)).toBe(0);
  });
});

describe('OwnMailbox', () => {
  it('gives the bio back to its actor once', () => {
    const world = new TestWorld();
    const memory = world.tracing(1);
    new OwnMailbox(memory, 1).submit(world.fs, world.buffer(0), 0b11);

    const taken = [takeOwnBio(memory, world.fs, 1), takeOwnBio(memory, world.fs, 1)];

    expect(taken).toEqual([0b11, 0]);
    expect(memory.trace).toEqual([
      'w fs.bio[1] = 3',
      'r fs.bio[1] -> 3',
      'w fs.bio[1] = 0',
      'r fs.bio[1] -> 0',
    ]);
  });

  it('keeps the bios of two actors apart', () => {
    const world = new TestWorld();
    const memory = world.tracing();
    new OwnMailbox(memory, 0).submit(world.fs, world.buffer(0), 0b01);
    new OwnMailbox(memory, 2).submit(world.fs, world.buffer(0), 0b10);

    expect([0, 1, 2].map((actor) => takeOwnBio(memory, world.fs, actor))).toEqual([0b01, 0, 0b10]);
  });
});

describe('SlowDevice', () => {
  it('leaves the world as it is', () => {
    const world = new TestWorld();
    const before = world.words.slice();
    const device = new SlowDevice();

    device.submit(world.fs, world.buffer(0), 0b11);

    expect(device.setupFails()).toBe(false);
    expect(world.words).toEqual(before);
  });
});

describe('FailingSetups', () => {
  it('asks each time, and submits to the device below', () => {
    const world = new TestWorld();
    const answers = [false, true];
    const device = new FailingSetups(new OwnMailbox(world.memory(1), 1), () => answers.shift() ?? false);

    expect([device.setupFails(), device.setupFails()]).toEqual([false, true]);
    device.submit(world.fs, world.buffer(0), 0b10);
    expect(world.get('fs.bio[1]')).toBe(0b10);
  });

  it.each([
    { answers: [false, false], bio: 0b11, notes: ['ReadStarted', 'ReadCompleted'] },
    { answers: [false, true], bio: 0b01 | BIO_INCOMPLETE, notes: ['ReadStarted', 'ReadFailed'] },
  ])('lets no buffer pass for read that lacks a page: $answers', ({ answers, bio, notes }) => {
    const world = new TestWorld();
    const memory = world.memory(0);
    const left = [...answers];
    const model = world.model(
      memory,
      undefined,
      new FailingSetups(new OwnMailbox(memory, 0), () => left.shift() ?? false),
    );
    const { geometry, submitters, actors } = settingFor('cold', 'readahead=2', 2);
    model.readExtentBufferPages(world.buffer(0), WAIT_NONE);
    const submitted = world.get('fs.bio[0]');

    const context = { model, memory, geometry, actor: 0, ordinal: 0, submitters };
    actors[0]?.epilogue?.run({ ...context, bioStatus: () => 'ok' as const }, 0);

    expect(submitted).toBe(bio);
    expect(noteNames(model.notes)).toEqual(notes);
    expect(world.get('eb0.io_pages')).toBe(0);
    expect(world.bits('eb0.bflags').includes('UPTODATE')).toBe(notes.includes('ReadCompleted'));
  });
});

describe('statusOf', () => {
  it('makes bad content of what is not whole, and leaves all else', () => {
    expect(statusOf(0b11, 'ok')).toBe('ok');
    expect(statusOf(0b1 | BIO_INCOMPLETE, 'ok')).toBe('bad-content');
    expect(statusOf(0b1 | BIO_INCOMPLETE, 'io-error')).toBe('io-error');
  });
});
