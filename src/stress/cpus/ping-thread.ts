/** The entry of a thread that measures round trips with another: actor 0 or 1 of a rendezvous, and of no trial. */
import { workerData } from 'node:worker_threads';
import { systemThreadId } from '../../fix/plug-in/thread-time.ts';
import { ACTOR_THREAD, actorLine, GATE_QUIT } from '../../memory/control.ts';
import { Gate } from '../../memory/gate.ts';
import { PINGS_MAX, Rendezvous } from '../../memory/rendezvous.ts';
import { wasmInstructions } from '../../memory/wasm-instructions.ts';
import { PING_ACTORS, PING_BASE, PING_PROBES, PING_RESULTS, PING_SPINS_MAX } from './ping-memory.ts';
import type { PingData } from './ping-memory.ts';

const clock = (): bigint => process.hrtime.bigint();

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the pair was given
const { memory, instructions, actor } = workerData as PingData;
const words = new Int32Array(memory.buffer);
const rendezvous = new Rendezvous({
  words,
  instructions: wasmInstructions(memory, instructions),
  actorBase: PING_BASE,
  actorCount: PING_ACTORS,
  actor,
  spinsMax: PING_SPINS_MAX,
});
words[actorLine(PING_BASE, actor) + ACTOR_THREAD] = systemThreadId();
const gate = new Gate(words);
gate.arrive();
for (let visit = gate.pass(0); visit !== GATE_QUIT; visit = gate.pass(visit)) {
  for (let probe = 0; probe < PING_PROBES; probe++) {
    // No two probes of one visit have the same numbers, and what is left of the visit before has been taken away.
    const trip = rendezvous.measureRoundTrip(clock, probe * PINGS_MAX);
    if (actor === 0) words[PING_RESULTS + probe] = trip;
  }
  gate.finish(PING_ACTORS);
}
