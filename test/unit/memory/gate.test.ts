import { describe, expect, it } from 'vitest';
import { BLOCK_FINISHED, BLOCK_STOP, BLOCK_TRIALS, GATE_QUIT, GATES } from '../../../src/memory/control.ts';
import { Gate } from '../../../src/memory/gate.ts';
import { LINE_WORDS } from '../../../src/memory/layout.ts';

const ARMS = 2;

function shut(): { words: Int32Array; gate: Gate } {
  const words = new Int32Array(new SharedArrayBuffer(4 * (GATES + ARMS * LINE_WORDS)));
  return { words, gate: new Gate(words, ARMS) };
}

describe('Gate', () => {
  it('opens for one arm and forgets the block before', () => {
    const { words, gate } = shut();
    words[BLOCK_STOP] = 1;
    words[BLOCK_FINISHED] = 2;

    gate.open(1, 7, 500);

    expect(gate.pass(1, 6)).toBe(7);
    expect([words[BLOCK_STOP], words[BLOCK_FINISHED], words[BLOCK_TRIALS]]).toEqual([0, 0, 500]);
    expect([words[GATES], words[GATES + LINE_WORDS]]).toEqual([0, 7]);
  });

  it('sends the actors of all arms home and stops the block they are in', () => {
    const { words, gate } = shut();

    gate.close();

    expect([gate.pass(0, 0), gate.pass(1, 3)]).toEqual([GATE_QUIT, GATE_QUIT]);
    expect(words[BLOCK_STOP]).toBe(1);
  });

  it('has finished once every actor has', async () => {
    const { gate } = shut();
    const finished = gate.finished(2, 10_000);

    gate.finish();
    gate.finish();

    await expect(finished).resolves.toBe(true);
  });

  it('is ready once every actor has arrived', async () => {
    const { gate } = shut();
    gate.arrive();
    const ready = gate.ready(2, 10_000);

    gate.arrive();

    await expect(ready).resolves.toBe(true);
  });

  it('gives up on an actor that never finishes', async () => {
    const { gate } = shut();
    gate.finish();

    await expect(gate.finished(2, 5)).resolves.toBe(false);
  });
});
