import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { CONTROL_WORDS } from '../../src/memory/control.ts';
import { Gate } from '../../src/memory/gate.ts';

const ACTORS = 5;
const BLOCKS = 3;
const GATE_MODULE = new URL('../../dist/memory/gate.js', import.meta.url).href;
const ACTOR = `
  const { workerData } = require('node:worker_threads');
  import(${JSON.stringify(GATE_MODULE)}).then(({ Gate }) => {
    const gate = new Gate(new Int32Array(workerData));
    gate.arrive();
    let block = 0;
    while ((block = gate.pass(block)) > 0) gate.finish(${ACTORS});
  });
`;

describe('a gate with threads', () => {
  it('wakes every actor that sleeps, each the next one, and sends all of them home', async () => {
    const words = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));
    const gate = new Gate(words);
    const actors = Array.from(
      { length: ACTORS },
      () => new Worker(ACTOR, { eval: true, workerData: words.buffer }),
    );
    const exits = actors.map((actor) => new Promise((resolve) => actor.once('exit', resolve)));
    try {
      await expect(gate.ready(ACTORS, 60_000)).resolves.toBe(true);

      for (let block = 1; block <= BLOCKS; block++) {
        gate.open(0, block, 0);
        await expect(gate.finished(ACTORS, 60_000)).resolves.toBe(true);
        expect([gate.hasFinished(ACTORS), gate.hasFinished(ACTORS + 1)]).toEqual([true, false]);
      }
      gate.close();

      await expect(Promise.all(exits)).resolves.toEqual(actors.map(() => 0));
    } finally {
      await Promise.all(actors.map((actor) => actor.terminate()));
    }
  });
});
