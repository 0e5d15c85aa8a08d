/**
 * The engine of a build as a `BlockProcess`. `block-server.ts STRATEGY CORES` answers each line `MS` of its standard input with a
 * block of so many ms, as the twin (native/twin.c) does: `SECONDS TRIALS VIOLATIONS ROUND_TRIP_NS`.
 *
 * CORES: 2, each actor on a processor of its own; 1, both on the same, where they take turns and contend for nothing, while the
 * JIT compiler works on others. Every build is measured by its own server, so that only these lines have to stay as they are.
 */
import { createInterface } from 'node:readline';
import { type EngineSetting, runEngineBlock, startEngine } from './engine-session.ts';

const [strategy = 'none', cores = '2'] = process.argv.slice(2);
const setting: EngineSetting =
  cores === '1'
    ? // Changing from one actor to the other is then a few percent of the time.
      { strategy, stride: 256, worlds: 512, pinned: 'together' }
    : { strategy, pinned: 'apart' };
const engine = await startEngine(setting, Number(cores));
for await (const line of createInterface({ input: process.stdin })) {
  const { seconds, trials, violations, roundTripNs } = await runEngineBlock(engine, Number(line));
  process.stdout.write(`${seconds} ${trials} ${violations} ${roundTripNs ?? 0}\n`);
}
await engine.end();
