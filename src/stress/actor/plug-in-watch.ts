import { BuiltIns } from '../../fix/plug-in/built-ins.ts';
import { guardThread, modelBegins, modelEnds } from '../../fix/plug-in/guards.ts';
import { isPlugIn } from '../../fix/plug-in/load.ts';
import { isScenarioPlugIn } from '../../catalog/registry.ts';
import type { RunPlan } from '../plan/protocol.ts';

/**
 * Watches over the plug-ins of an actor's thread, from one block to the next: none may ask for a clock or the like while trials
 * run, or change what it shares with those who judge it. Costs a trial nothing, and a thread without plug-ins neither.
 *
 * To be made behind the last module of ours, and before the first of a plug-in.
 */
export class PlugInWatch {
  readonly #builtIns: BuiltIns | undefined;

  constructor({ arms, scenario }: RunPlan) {
    if (!isScenarioPlugIn(scenario) && !arms.some(({ strategy }) => isPlugIn(strategy))) return;
    guardThread();
    this.#builtIns = new BuiltIns();
  }

  /** A block begins. */
  begin(): void {
    if (this.#builtIns !== undefined) modelBegins();
  }

  /**
   * A block has ended.
   * @throws {Error} If a plug-in has done what it may not.
   */
  end(): void {
    if (this.#builtIns === undefined) return;
    const impurity = modelEnds();
    if (impurity !== undefined) throw impurity;
    const change = this.#builtIns.change();
    if (change !== undefined) throw new TypeError(`the plug-in ${change}`);
  }
}
