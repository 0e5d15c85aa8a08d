import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { JOB_MOVES_MAX, SearchBoard } from '../../memory/search-board.ts';
import { SharedStates } from '../../memory/shared-states.ts';
import { loadScenario } from '../../catalog/load-scenario.ts';
import { settingNamed } from '../../catalog/named-setting.ts';
import { DepthFirst, EVERYTHING, POLL_EVERY } from './depth-first.ts';
import { FairCycles } from './fair-cycles.ts';
import { aloneIn, passedIn } from '../reduce/alone-in.ts';
import { Independence } from '../reduce/independence.ts';
import type { Machine } from '../machine/machine.ts';
import { machineFor } from '../machine/machine-for.ts';
import { NoteClasses, StaleNotes } from '../program/note-classes.ts';
import { type SearchPlan, type SearchShare, type SearchTask, StopReason } from './search-protocol.ts';
import { type FrozenTables, RemoteTables } from '../program/tables.ts';

/** The worker thread's entry: one thread of a search, from its first job to the end of all. */
export default async function searchThread(task: SearchTask): Promise<SearchShare> {
  await loadScenario(task.plan.scenario);
  return new SearchThread(task).run();
}

/** The attempt is given up. */
class Voided extends Error {}

class SearchThread {
  readonly #plan: SearchPlan;
  readonly #thread: number;
  readonly #mail: MessagePort;
  readonly #board: SearchBoard;
  readonly #states: SharedStates;
  readonly #search: DepthFirst;
  readonly #cycles: FairCycles;
  #generation = 0;
  #statesTold = 0;

  constructor({ plan, thread, mail }: SearchTask) {
    this.#plan = plan;
    this.#thread = thread;
    this.#mail = mail;
    this.#board = new SearchBoard(plan.board, plan.threads);
    this.#states = new SharedStates(plan.states);
    const machine = machineOf(plan, () => this.#ask());
    const independence = new Independence(plan.futures);
    this.#cycles = new FairCycles(machine, plan.futures);
    this.#search = new DepthFirst({
      machine,
      visited: this.#states,
      alone: plan.partialOrder ? aloneIn(machine, independence) : undefined,
      isPassed: plan.partialOrder ? passedIn(machine, independence) : undefined,
      cycles: this.#cycles,
      symmetry: plan.symmetry,
      poll: () => this.#poll(),
      onGrowth: () => {},
    });
  }

  run(): SearchShare {
    const board = this.#board;
    const search = this.#search;
    this.#states.touch(this.#thread, this.#plan.threads);
    try {
      if (this.#thread === 0) this.#begin();
      while (board.stopReason === 0) {
        const job = board.take(
          () => board.wantedGeneration > this.#generation,
          () => this.#grow(),
        );
        if (job === undefined) break;
        search.run(job);
      }
    } catch (error) {
      const isVoid = error instanceof Voided || error instanceof StaleNotes;
      board.stop(isVoid ? StopReason.Void : StopReason.Fault);
      if (!isVoid) throw error;
    }
    this.#mail.close();
    const { states, transitions, depthMax, violations, outcomes, finalStates, done } = search;
    return {
      states,
      transitions,
      depthMax,
      violations: [...violations],
      outcomes: [...outcomes],
      finalStates: [...finalStates],
      done,
    };
  }

  #begin(): void {
    const { open } = this.#plan;
    if (open === undefined) this.#search.run(EVERYTHING);
    else this.#search.goOn(open);
  }

  /** Asks the main thread, which has the model, what comes of the step that was just taken. */
  #ask(): FrozenTables {
    const { moves, length } = this.#search;
    const { ahead } = this.#cycles;
    const way = new Int32Array(length + ahead.length);
    way.set(moves.subarray(0, length));
    way.set(ahead, length);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread, not a window
    this.#mail.postMessage(way);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see SearchTask
    const answer = this.#board.await(() => receiveMessageOnPort(this.#mail)?.message as FrozenTables | null);
    if (answer === undefined || answer === null) throw new Voided();
    return answer;
  }

  /** Counts, stops where a limit says so, grows where the table is full, and feeds the hungry. */
  #poll(): boolean {
    const board = this.#board;
    const search = this.#search;
    const { stepsMax, statesMax } = this.#plan;
    const units = board.count(search.states - this.#statesTold);
    this.#statesTold = search.states;
    const { states } = board;
    if (units * POLL_EVERY > stepsMax) board.stop(StopReason.Steps);
    else if (states >= statesMax) board.stop(StopReason.States);
    else if (board.voidStates !== 0 && states >= board.voidStates) board.stop(StopReason.Void);
    if (board.stopReason !== 0) return true;
    if (states >= this.#states.limit && this.#states.canGrow) board.wantAfter(this.#generation);
    if (board.wantedGeneration > this.#generation) this.#grow();
    if (board.isHungry) {
      const branches = search.give(JOB_MOVES_MAX);
      if (branches !== undefined) board.offer(branches);
    }
    return board.stopReason !== 0;
  }

  /** All threads stand still, move their parts of the table, and go on. */
  #grow(): void {
    const board = this.#board;
    if (!board.meet()) return;
    this.#states.moveUp(this.#thread, this.#plan.threads);
    this.#generation++;
    board.meet();
  }
}

function machineOf(plan: SearchPlan, ask: () => FrozenTables): Machine {
  const setting = settingNamed(plan);
  return machineFor({
    ...plan.machine,
    setting,
    automata: new RemoteTables(plan.tables, ask),
    notes: new NoteClasses(plan.notesSeen, setting.scenario.classify),
  });
}
