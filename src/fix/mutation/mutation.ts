/**
 * A mutation: one change of one step of one function of the model, as plain data and as text.
 *
 *     upstream~set_io_pages/check_buffer_tree_ref/spin_unlock.eb.refs_lock/drop
 *     strategy  caller      function              step                     change
 *
 * The caller is left out where the function is meant whoever calls it. A step is the n-th access of its kind to its field
 * of one and the same object in one call (`.2` behind it where n is not 1): a step in a loop over pages is one step.
 */
import { type Access, accessKinds } from '../../memory/access.ts';
import { isChangeOf, type MutationChange } from './mutation-change.ts';
import { didYouMean } from '../plug-in/suggest.ts';
import type { Structure } from '../../memory/schema.ts';
import { namingOf, type StepFields, stepFields } from './step-field.ts';

/** One step of one function. */
export interface MutationStep {
  /** The function that makes the access, by its kernel name. */
  readonly function: string;
  /** Only in calls made on behalf of this function, by its kernel name. */
  readonly within: string | undefined;
  readonly access: Access;
  /** What it accesses: see `fieldName`. */
  readonly field: string;
  /** From 1: which of the accesses of that kind to that field of the same object in one call. */
  readonly occurrence: number;
}

/** One change of one step. */
export interface Mutation {
  readonly step: MutationStep;
  readonly change: MutationChange;
}

const SEPARATOR = '~';
const CHANGE = /^(?:drop|true|false|later|split|unlocked|relaxed|as-\d{1,2})$/;
const GRAMMAR = /^(?:([\w$]+)\/)?([\w$]+)\/([\w.]+)\/([\w-]+)$/;

/** The kernel name of a model method: `checkBufferTreeRef` is check_buffer_tree_ref. */
export function kernelName(method: string): string {
  return method.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `tryReleaseExtentBuffer(64)` is the kernel's `try_release_extent_buffer(64)`. */
export function kernelCall(call: string): string {
  const at = call.indexOf('(');
  const name = call.slice(0, at);
  return (/^[a-z]/.test(name) ? kernelName(name) : name) + call.slice(at);
}

/** A step as a reader of the kernel writes it: `spin_unlock(eb.refs_lock)`. */
export function stepText({ access, field, occurrence }: MutationStep): string {
  const nth = occurrence === 1 ? '' : ` #${occurrence}`;
  return `${accessKinds[access].kernel}(${field})${nth}`;
}

/** A function with the one that it must have been called for: `set_io_pages > check_buffer_tree_ref`. */
export function functionText({ within, function: name }: MutationStep): string {
  return within === undefined ? name : `${within} > ${name}`;
}

/** The text of a mutation, behind `~` in the name of a mutant. */
export function formatMutation({ step, change }: Mutation): string {
  const field = step.field === '' ? '' : `.${step.field.replace(':', '.')}`;
  const nth = step.occurrence === 1 ? '' : `.${step.occurrence}`;
  const access = `${accessKinds[step.access].kernel}${field}${nth}`;
  return [...(step.within === undefined ? [] : [step.within]), step.function, access, change].join('/');
}

/** The name of a mutant, as `--strategy` takes it. */
export function mutantName(strategy: string, mutation: Mutation): string {
  return strategy + SEPARATOR + formatMutation(mutation);
}

/** The strategy and the text of the mutation in the name of a mutant, or undefined if the name is not of that form. */
export function splitMutant(
  name: string,
): { readonly strategy: string; readonly mutation: string } | undefined {
  const at = name.lastIndexOf(SEPARATOR);
  const mutation = name.slice(at + 1);
  if (at < 1 || !GRAMMAR.test(mutation)) return undefined;
  return { strategy: name.slice(0, at), mutation };
}

/**
 * Reads the text of a mutation of a model of these structures.
 * @throws {RangeError} With one sentence that says what is wrong.
 */
export function parseMutation(text: string, structures: readonly Structure[]): Mutation {
  const match = GRAMMAR.exec(text);
  if (match === null) {
    throw new RangeError(`expected [caller/]function/access.field/change, got '${text}'`);
  }
  const [, within, name = '', step = '', change = ''] = match;
  if (!isChange(change)) {
    throw new RangeError(
      `unknown change '${change}': choose drop, true, false, as-0, later, split, unlocked or relaxed`,
    );
  }
  const parsed = { function: name, within, ...parseAccess(step, stepFields(structures)) };
  if (!isChangeOf(change, parsed.access)) {
    throw new RangeError(`${stepText(parsed)} cannot be changed by '${change}'`);
  }
  return { step: parsed, change };
}

function isChange(text: string): text is MutationChange {
  return CHANGE.test(text);
}

function parseAccess(
  text: string,
  { keyOf, names }: StepFields,
): Pick<MutationStep, 'access' | 'field' | 'occurrence'> {
  const [kernel = '', ...rest] = text.split('.');
  const last = rest.at(-1) ?? '';
  const hasNumber = /^[1-9]\d?$/.test(last);
  const words = hasNumber ? rest.slice(0, -1) : rest;
  const occurrence = hasNumber ? Number(last) : 1;
  const access = accessOf(kernel);
  if (access === undefined) {
    const known = Object.values(accessKinds).map((kind) => kind.kernel);
    throw new RangeError(`unknown access '${kernel}' in '${text}'${didYouMean(kernel, known)}`);
  }
  const hasBit = namingOf(access) === 'bit' || namingOf(access) === 'page-lock';
  const field = hasBit ? `${words.slice(0, -1).join('.')}:${words.at(-1) ?? ''}` : words.join('.');
  const isKnown = namingOf(access) === 'none' ? field === '' : field !== '' && keyOf(field) !== undefined;
  if (!isKnown) {
    const typed = words.join('.');
    throw new RangeError(`unknown field '${typed}' of ${kernel}${didYouMean(typed, fieldTexts(names))}`);
  }
  return { access, field, occurrence };
}

function accessOf(kernel: string): Access | undefined {
  for (const [access, kind] of Object.entries(accessKinds)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of the table
    if (kind.kernel === kernel) return access as Access;
  }
  return undefined;
}

/** The names of fields as they stand in a mutation. */
function fieldTexts(names: readonly string[]): readonly string[] {
  return names.map((name) => name.replace(':', '.'));
}
