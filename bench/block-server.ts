/**
 * The engine of a build as a `BlockProcess`. `block-server.ts STRATEGY CORES` answers each line of its standard input:
 *
 * - `start`: starts threads and compiled code anew; `ready`
 * - `MS`: a block of so many ms; `SECONDS TRIALS VIOLATIONS ROUND_TRIP_NS`, as the twin (native/twin.c) does
 *
 * CORES: 2, each actor on a processor of its own; 1, both on the processor that the process is kept on, where they take turns and
 * contend for nothing. Every build is measured by its own server, so that only these lines have to stay as they are.
 */
import { createInterface } from 'node:readline';
import { type EngineSetting, runEngineBlock, startEngine } from './engine-session.ts';

const [strategy = 'none', cores = '2'] = process.argv.slice(2);
const setting: EngineSetting =
  cores === '1'
    ? // Changing from one actor to the other is then a few percent of the time.
      { strategy, stride: 256, worlds: 512 }
    : { strategy, isPinned: true };
const start = (): ReturnType<typeof startEngine> => startEngine(setting, Number(cores));

let engine = await start();
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'start') {
    await engine.end();
    engine = await start();
    process.stdout.write('ready\n');
  } else {
    const { seconds, trials, violations, roundTripNs } = await runEngineBlock(engine, Number(line));
    process.stdout.write(`${seconds} ${trials} ${violations} ${roundTripNs ?? 0}\n`);
  }
}
await engine.end();
