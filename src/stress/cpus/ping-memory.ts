/** What the two threads that measure round trips share: the control words of a run of two actors, and behind them the results. */
import { CONTROL_WORDS } from '../../memory/control.ts';
import { type Address, LINE_WORDS } from '../../memory/layout.ts';
import type { WasmMemory, WasmModule } from '../../memory/wasm-instructions.ts';

export const PING_ACTORS = 2;
/** Probes of a visit: half a millisecond in all. */
export const PING_PROBES = 16;
/** Fewer than actors of a trial have at a rendezvous: on a busy host it is soon seen that the other thread does not run. */
export const PING_SPINS_MAX = 300;
/**
 * Control lines of the two threads for a probe. Each has lines of its own: what a line takes to move also depends on which part of the
 * last-level cache keeps account of it, and one pair of lines differed from the next by up to a third (Xeon with a mesh, 2026).
 */
export function pingBase(probe: number): Address {
  return CONTROL_WORDS + probe * PING_ACTORS * LINE_WORDS;
}

/** A word per probe: the round trip in tenths of ns, 0 where the other did not answer. */
export const PING_RESULTS: number = pingBase(PING_PROBES) + LINE_WORDS;
export const PING_BYTES: number = 4 * (PING_RESULTS + PING_PROBES);

/** What such a thread is given. */
export interface PingData {
  readonly memory: WasmMemory;
  readonly instructions: WasmModule;
  readonly actor: 0 | 1;
}
