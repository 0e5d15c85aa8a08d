/** The entry of a thread that measures round trips with another: actor 0 or 1 of a rendezvous, and of no trial. */
import { workerData } from 'node:worker_threads';
import { systemThreadId } from '../../fix/plug-in/thread-time.ts';
import { ACTOR_THREAD, actorLine, GATE_QUIT } from '../../memory/control.ts';
import { Gate } from '../../memory/gate.ts';
import { Rendezvous } from '../../memory/rendezvous.ts';
import { wasmInstructions } from '../../memory/wasm-instructions.ts';
import { PING_ACTORS, PING_PROBES, PING_RESULTS, PING_SPINS_MAX, pingBase } from './ping-memory.ts';
import type { PingData } from './ping-memory.ts';

const clock = (): bigint => process.hrtime.bigint();

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the pair was given
const { memory, instructions, actor } = workerData as PingData;
const words = new Int32Array(memory.buffer);
const code = wasmInstructions(memory, instructions);
const meetings = Array.from(
  { length: PING_PROBES },
  (_, probe) =>
    new Rendezvous({
      words,
      instructions: code,
      actorBase: pingBase(probe),
      actorCount: PING_ACTORS,
      actor,
      spinsMax: PING_SPINS_MAX,
    }),
);
words[actorLine(pingBase(0), actor) + ACTOR_THREAD] = systemThreadId();
const gate = new Gate(words);
gate.arrive();
for (let visit = gate.pass(0); visit !== GATE_QUIT; visit = gate.pass(visit)) {
  for (const [probe, meeting] of meetings.entries()) {
    const trip = meeting.measureRoundTrip(clock);
    if (actor === 0) words[PING_RESULTS + probe] = trip;
  }
  gate.finish(PING_ACTORS);
}
