/**
 * A schedule as kernel developers draw it: one column per processor, time downwards, nested by kernel function, with the
 * counts that decide about the buffer's life beside the steps that change them.
 */
import type { Blocked, Replay, ReplayState, ReplayStep } from '../explore/witness/replay.ts';
import type { Paint } from './paint.ts';
import { REPORT_COLUMNS, wrapped } from './wrap.ts';

/** Where the state stands. */
const STATE_COLUMN = 55;
const NUMBER_COLUMNS = 5;
/** From one processor's column to the next, for two of them and for more. */
const SHIFT_TWO = 16;
const SHIFT_MORE = 8;
const CAMEL_HUMP = /[A-Z]/g;
/** Methods that stand for an expression of the kernel's source, not for a function. */
const EXPRESSIONS: ReadonlySet<string> = new Set(['read_pointer', 'is_page_uptodate']);

/** What a replay is of. */
export interface ReplayTitle {
  readonly strategy: string;
  /** One label per actor. */
  readonly actors: readonly string[];
}

/** Draws a replay. */
export function replayReport(title: ReplayTitle, replay: Replay, paint: Paint): string {
  return [...replayTable(title.actors, replay.steps), '', ...endOf(title, replay, paint), ''].join('\n');
}

/** The table alone. */
export function replayTable(actors: readonly string[], steps: readonly ReplayStep[]): string[] {
  const shift = actors.length <= 2 ? SHIFT_TWO : SHIFT_MORE;
  const indent = (actor: number): string => ' '.repeat(NUMBER_COLUMNS + actor * shift);
  const lines = actors.map((label, actor) => `${indent(actor)}CPU${actor}: ${label}`);
  let state = '';
  let shown: readonly string[] = [];
  for (const step of steps) {
    const functions = step.functions
      .map(kernelName)
      .filter((name, index, all) => name !== all[index - 1] && !EXPRESSIONS.has(name));
    if (step.isSwitch) {
      lines.push('');
      shown = [];
    }
    const common = functions.findIndex((name, depth) => name !== shown[depth]);
    for (const [depth, name] of functions.entries()) {
      if (common >= 0 && depth >= common) lines.push(`${indent(step.actor)}${' '.repeat(depth)}${name}()`);
    }
    shown = functions;
    const before = state;
    state = stateText(step.after);
    const text = `${indent(step.actor)}${' '.repeat(functions.length)}${accessText(step)}`;
    lines.push(...withState(numbered(step.number, text), state === before ? '' : state));
  }
  return lines;
}

function numbered(number: number, text: string): string {
  return String(number).padStart(NUMBER_COLUMNS - 2) + text.slice(NUMBER_COLUMNS - 2);
}

function withState(line: string, state: string): string[] {
  if (state === '') return [line];
  if (line.length < STATE_COLUMN) return [line.padEnd(STATE_COLUMN) + state];
  return [line, ' '.repeat(STATE_COLUMN) + state];
}

/** `test_and_clear_bit(TREE_REF, eb0) = true`. */
function accessText({ operation, field, operand, result }: ReplayStep): string {
  const bit = /^(\w+)\.(?:bflags|flags):(\w+)$/.exec(field);
  const target = bit === null ? field : `${bit[2]}, ${bit[1]}`;
  const list = [target, operand].filter((text) => text !== '').join(', ');
  return `${operation}(${list})${result === '' ? '' : ` = ${result}`}`;
}

function stateText({ buffers }: ReplayState): string {
  return buffers
    .map(({ name, refs, hasTreeRef, ioPages }) => {
      const which = buffers.length > 1 ? `${name} ` : '';
      return `${which}refs ${refs} ${hasTreeRef ? 'TREE_REF' : '-       '} io ${ioPages}`;
    })
    .join('; ');
}

/** `tryReleaseExtentBuffer(64)` is the kernel's `try_release_extent_buffer`. */
function kernelName(call: string): string {
  return call.replace(/\(.*$/, '').replaceAll(CAMEL_HUMP, (letter) => `_${letter.toLowerCase()}`);
}

function endOf({ strategy }: ReplayTitle, { end, steps, unused }: Replay, paint: Paint): string[] {
  const last = steps.at(-1)?.label ?? 'nobody';
  const rest = unused > 0 ? ` The last ${unused} steps of the schedule were not needed.` : '';
  switch (end.kind) {
    case 'violated':
      return [
        `${paint('bad', 'BUG')}: ${last}: ${end.title} (${end.invariant})`,
        ...wrapped(end.origin, { prefix: '     ', columns: REPORT_COLUMNS }),
      ];
    case 'harmless':
      return wrapped(
        `Under ${strategy} this schedule is ${paint('good', 'harmless')}: ${end.outcome}.${rest}`,
      );
    case 'deadlock':
      return [
        `${paint('bad', 'DEADLOCK')}: nobody can go on.`,
        ...end.blocked.map(({ label, operation, field, owner }) => {
          return `  ${label} waits in ${operation}(${field})${owner === undefined ? '' : `, which ${owner} holds`}`;
        }),
      ];
    case 'livelock':
      return [
        `${paint('bad', 'LIVELOCK')}: ${foreverText(end.cycle, steps.length)}.`,
        ...spinning(end.blocked),
      ];
    case 'impossible':
      return wrapped(
        `Under ${strategy} this schedule is ${paint('good', 'impossible')} from step ${end.step} on: ${end.reason}`,
      );
  }
}

/** What happens in a livelock whose last `cycle` of all `steps` repeat. */
export function foreverText(cycle: number, steps: number): string {
  if (cycle === 0) return 'who has not finished spins, and nothing will change any more';
  return cycle === 1
    ? `step ${steps} repeats for ever`
    : `steps ${steps - cycle + 1} to ${steps} repeat for ever`;
}

/** Who spins. */
function spinning(blocked: readonly Blocked[]): string[] {
  return blocked.map(({ label, operation }) => `  ${label} spins in ${operation}()`);
}
