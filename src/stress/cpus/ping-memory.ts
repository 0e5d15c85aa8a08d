/** What the two threads that measure round trips share: the control words of a run of two actors, and behind them the results. */
import { CONTROL_WORDS } from '../../memory/control.ts';
import { LINE_WORDS } from '../../memory/layout.ts';
import type { WasmMemory, WasmModule } from '../../memory/wasm-instructions.ts';

export const PING_ACTORS = 2;
/** Probes of a visit: half a millisecond in all. */
export const PING_PROBES = 16;
/** Fewer than actors of a trial have at a rendezvous: on a busy host it is soon seen that the other thread does not run. */
export const PING_SPINS_MAX = 2_000;
/** Control line of the first thread. */
export const PING_BASE: number = CONTROL_WORDS;
/** A word per probe: the round trip in tenths of ns, 0 where the other did not answer. */
export const PING_RESULTS: number = PING_BASE + (PING_ACTORS + 1) * LINE_WORDS;
export const PING_BYTES: number = 4 * (PING_RESULTS + PING_PROBES);

/** What such a thread is given. */
export interface PingData {
  readonly memory: WasmMemory;
  readonly instructions: WasmModule;
  readonly actor: 0 | 1;
}
