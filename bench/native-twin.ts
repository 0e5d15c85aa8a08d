import { BlockProcess, type ProcessBlock } from './block-process.ts';
import { pinApart, threadsOf } from './processors.ts';

/** What a twin runs; the engine's defaults are the ones to compare with. */
export interface TwinSetting {
  readonly strategy: 'none' | 'upstream';
  readonly pages: number;
  readonly worlds: number;
  readonly stride: number;
}

/** A running twin: sleeps between blocks. */
export class Twin {
  readonly #process: BlockProcess;

  constructor(path: string, { strategy, pages, worlds, stride }: TwinSetting) {
    this.#process = new BlockProcess([
      path,
      'bench',
      strategy,
      String(pages),
      String(worlds),
      String(stride),
    ]);
  }

  /** Runs a block. */
  runBlock(ms: number): Promise<ProcessBlock> {
    return this.#process.runBlock(ms);
  }

  /** Keeps each actor on a processor of its own, if the system can; after a first block, when they have started. */
  pin(): boolean {
    return this.#process.pid !== undefined && pinApart(threadsOf(this.#process.pid));
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}
