import { describe, expect, it } from 'vitest';
import {
  closeMailbox,
  OwnMailbox,
  ServedMailbox,
  SlowDevice,
  takeBio,
  takeOwnBio,
} from '../../../src/model/block-layer.ts';
import { TestWorld } from '../../helpers/test-world.ts';

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
