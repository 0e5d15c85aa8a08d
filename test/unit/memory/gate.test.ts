import { describe, expect, it } from 'vitest';
import {
  BLOCK_FINISHED,
  BLOCK_STOP,
  BLOCK_TRIALS,
  CONTROL_WORDS,
  GATE_ARM,
  GATE_QUIT,
} from '../../../src/memory/control.ts';
import { Gate } from '../../../src/memory/gate.ts';

function shut(): { words: Int32Array; gate: Gate } {
  const words = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));
  return { words, gate: new Gate(words) };
}

describe('Gate', () => {
  it('opens for one arm and forgets the block before', () => {
    const { words, gate } = shut();
    words[BLOCK_STOP] = 1;
    words[BLOCK_FINISHED] = 2;

    gate.open(1, 7, 500);

    expect(gate.pass(6)).toBe(7);
    expect([words[BLOCK_STOP], words[BLOCK_FINISHED], words[BLOCK_TRIALS]]).toEqual([0, 0, 500]);
    expect(words[GATE_ARM]).toBe(1);
  });

  it('sends the actors home and stops the block they are in', () => {
    const { words, gate } = shut();

    gate.close();

    expect([gate.pass(0), gate.pass(3)]).toEqual([GATE_QUIT, GATE_QUIT]);
    expect(words[BLOCK_STOP]).toBe(1);
  });

  it('has finished once every actor has', async () => {
    const { gate } = shut();
    const finished = gate.finished(2, 10_000);

    gate.finish(2);
    gate.finish(2);

    await expect(finished).resolves.toBe(true);
  });

  it('is ready once every actor has arrived', async () => {
    const { gate } = shut();
    gate.arrive();
    const ready = gate.ready(2, 10_000);

    gate.arrive();

    await expect(ready).resolves.toBe(true);
  });

  it('sees who has finished although nobody notified it', async () => {
    const { words, gate } = shut();
    const finished = gate.finished(2, 60_000);

    Atomics.store(words, BLOCK_FINISHED, 2);

    await expect(finished).resolves.toBe(true);
  });

  it('waits for no block once the actors are sent home', async () => {
    const { gate } = shut();
    gate.open(0, 1, 0);
    const finished = gate.finished(2, 3_600_000);

    gate.close();

    await expect(finished).resolves.toBe(false);
    await expect(gate.finished(2, 3_600_000)).resolves.toBe(false);
  });

  it('gives up on an actor that never finishes', async () => {
    const { gate } = shut();
    gate.finish(2);

    await expect(gate.finished(2, 5)).resolves.toBe(false);
  });
});
