import { workerData } from 'node:worker_threads';
import { runActor } from './actor-loop.ts';
import type { ActorTask, Brought, ThreadData } from '../plan/protocol.ts';

/** The worker thread's entry: one actor of one arm, for the whole run. */
export default async function actor(task: ActorTask): Promise<Brought> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the pool was given
  return runActor(workerData as ThreadData, task);
}
