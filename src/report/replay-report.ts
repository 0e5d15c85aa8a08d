/**
 * A schedule as kernel developers draw it: one column per processor, time downwards, nested by kernel function, with what the
 * scenario follows beside the steps that change it: columns of its own, or the words of memory that change.
 */
import type { Blocked, Replay } from '../explore/witness/replay.ts';
import type { ReplayedBuffer, ReplayStep } from '../explore/witness/replay-step.ts';
import { argumentsOf } from '../memory/word-name.ts';
import { scenarios } from '../catalog/registry.ts';
import type { Paint } from './paint.ts';
import { REPORT_COLUMNS, wrapped } from './wrap.ts';

/** Where the state stands. */
const STATE_COLUMN = 55;
const STATE_COLUMNS: number = REPORT_COLUMNS - STATE_COLUMN;
const NUMBER_COLUMNS = 5;
/** Changed words that are named where a step changes many: a buffer that is freed is poisoned. */
const CHANGES_MAX = 3;
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
    if (step.isVisible === true) {
      const text = `${indent(step.actor)}${accessText(step)}`;
      state = addLine(lines, step, { line: numbered(step.number, text), state });
      continue;
    }
    const functions = callsOf(step);
    if (step.isSwitch) {
      lines.push('');
      shown = [];
    }
    const common = functions.findIndex((name, depth) => name !== shown[depth]);
    for (const [depth, name] of functions.entries()) {
      if (common >= 0 && depth >= common) lines.push(`${indent(step.actor)}${' '.repeat(depth)}${name}()`);
    }
    shown = functions;
    const text = `${indent(step.actor)}${' '.repeat(functions.length)}${accessText(step)}`;
    state = addLine(lines, step, { line: numbered(step.number, text), state });
  }
  return lines;
}

/** Adds a step's line, with what the scenario follows beside it where that is not as it was. Returns how that is now. */
function addLine(
  lines: string[],
  { after: { buffers }, changes }: ReplayStep,
  { line, state: before }: { readonly line: string; readonly state: string },
): string {
  if (buffers === undefined) {
    lines.push(...withState(line, wrapped(changesText(changes), { columns: STATE_COLUMNS })));
    return before;
  }
  const state = stateText(buffers);
  lines.push(...withState(line, state === before ? [] : [state]));
  return state;
}

function numbered(number: number, text: string): string {
  return String(number).padStart(NUMBER_COLUMNS - 2) + text.slice(NUMBER_COLUMNS - 2);
}

function withState(line: string, state: readonly string[]): string[] {
  const [first = '', ...rest] = state;
  if (first === '') return [line];
  const below = rest.map((text) => ' '.repeat(STATE_COLUMN) + text);
  if (line.length < STATE_COLUMN) return [line.padEnd(STATE_COLUMN) + first, ...below];
  return [line, ' '.repeat(STATE_COLUMN) + first, ...below];
}

/** Names of the kernel functions that a step is inside of, outermost first. */
export function callsOf({ functions }: Pick<ReplayStep, 'functions'>): string[] {
  return functions
    .map(kernelName)
    .filter((name, index, all) => name !== all[index - 1] && !EXPRESSIONS.has(name));
}

/** `test_and_clear_bit(STALE, eb0) = true`; of a store that waited in a buffer, `~ WRITE_ONCE(fs.own0, 1) is visible`. */
export function accessText({ operation, field, operand, result, isVisible }: ReplayStep): string {
  const list = [argumentsOf(field), operand].filter((text) => text !== '').join(', ');
  const access = `${operation}(${list})`;
  return isVisible === true ? `~ ${access} is visible` : `${access}${result === '' ? '' : ` = ${result}`}`;
}

/** Of a scenario without columns: the words that a step changes. */
function changesText(changes: ReplayStep['changes']): string {
  const shown = changes.slice(0, CHANGES_MAX).map(({ word, after }) => `${word} ${after}`);
  const more = changes.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** All columns of all buffers in use. */
function stateText(buffers: readonly ReplayedBuffer[]): string {
  return buffers
    .map((buffer) => `${buffers.length > 1 ? `${buffer.name} ` : ''}${columnsText(buffer)}`)
    .join('; ');
}

/** `refs 2 DIRTY io 0`: a bit that is clear leaves a gap of the same width. */
function columnsText({ name: _name, ...values }: ReplayedBuffer): string {
  return Object.entries(values)
    .map(([field, value]) => {
      const label = columnLabel(field);
      return typeof value === 'boolean' ? (value ? label : '-'.padEnd(label.length)) : `${label} ${value}`;
    })
    .join(' ');
}

/** What reports call a column of results. */
export function columnLabel(field: string): string {
  const columns = scenarios.flatMap(({ replayColumns = [] }) => replayColumns);
  return columns.find((column) => column.field === field)?.label ?? field;
}

/** `tryReleaseExtentBuffer(64)` is the kernel's `try_release_extent_buffer`. */
function kernelName(call: string): string {
  const name = call.replace(/\(.*$/, '');
  // Operations have the names that they are given.
  return /^[a-z]/.test(name) ? name.replaceAll(CAMEL_HUMP, (letter) => `_${letter.toLowerCase()}`) : name;
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
