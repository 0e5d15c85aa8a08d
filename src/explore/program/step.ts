import { type Access, accessesThat, accessKinds, accessNames } from '../../memory/access.ts';
import { accessNumbers } from '../../memory/access-numbers.ts';
import type { AccessKind } from '../../memory/access-kind.ts';
import type { Address } from '../../memory/layout.ts';

/**
 * The steps of a model as data: which method of `SharedMemory`, on which word, with which operands. Steps are interned,
 * so that the search and the dependency tables work with small integers.
 */

/** Steps that are no access of `SharedMemory`, which only the explore engine knows. */
const others = {
  /** The actor has finished. */
  Done: 0,
  /** `readOnce` of the actor's own mailbox, which no other actor ever touches. */
  ReadOwn: 29,
  /** `writeOnce` to the actor's own mailbox. */
  WriteOwn: 30,
  /** How the device answers the bio: a free choice. */
  BioStatus: 31,
  /** `writeGhost`: not a step, but it counts where orders are compared. */
  Ghost: 32,
  /**
   * A step that no actor may take as it stands: its operand is the `Fault`, its replacement the kind. What makes it one is
   * known of the actor alone (what it holds, where the address lies), so that it violates whenever it is taken.
   */
  Fault: 33,
  /** Whether the bio of a page cannot be set up: a free choice. */
  SetupFails: 34,
} as const;

type AccessKinds = { readonly [Name in Access as Capitalize<Name>]: (typeof accessNumbers)[Name] };

/** What a step does: one entry per access, and what only the explore engine knows. V8 takes them for constants. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the accesses, each with its number
export const Kind: AccessKinds & typeof others = {
  ...others,
  ...Object.fromEntries(accessNames.map((access) => [capitalized(access), accessNumbers[access]])),
} as AccessKinds & typeof others;

/** One of the kinds. */
export type StepKind = (typeof Kind)[keyof typeof Kind];

/** The kinds of the accesses that are such. */
export function kindsThat(are: (kind: AccessKind) => boolean): readonly number[] {
  return accessesThat(are).map((access) => accessNumbers[access]);
}

/** The kernel's name of each kind, by number. */
export const KIND_NAMES: readonly string[] = namesByKind();

function namesByKind(): string[] {
  const names: string[] = [];
  for (const access of accessNames) names[accessNumbers[access]] = accessKinds[access].kernel;
  names[Kind.Done] = 'done';
  names[Kind.ReadOwn] = accessKinds.readOnce.kernel;
  names[Kind.WriteOwn] = accessKinds.writeOnce.kernel;
  names[Kind.BioStatus] = 'bio_status';
  names[Kind.Ghost] = 'ghost';
  names[Kind.Fault] = 'fault';
  names[Kind.SetupFails] = 'setup_fails';
  return names;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** One step. Page operations carry the address of the page's flags, slab operations that of the extent_buffer. */
export interface Step {
  readonly kind: StepKind;
  readonly address: Address;
  /** The bit, the value to store, the value to expect or to wait for; 0 if it has none. */
  readonly operand: number;
  /** The replacement of a cmpxchg, the kind of a fault; 0 otherwise. */
  readonly replacement: number;
  /** Whether it touches a buffer from inside of an RCU read section: such an access is right while the object waits for RCU. */
  readonly isInRcu?: boolean;
}

/** The kind of what a step is an attempt at: its own, or what a fault would have been. */
export function attemptedKind({ kind, replacement }: Step): StepKind {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `Kind.Fault`
  return kind === Kind.Fault ? (replacement as StepKind) : kind;
}

/** Every step that has turned up, each once; number 0 is `Done`. */
export class StepTable {
  readonly steps: Step[] = [];
  readonly #numbers = new Map<string, number>();

  constructor() {
    this.intern({ kind: Kind.Done, address: 0, operand: 0, replacement: 0 });
  }

  /** The number of a step. */
  intern(step: Step): number {
    const key = `${step.kind},${step.address},${step.operand},${step.replacement},${step.isInRcu === true}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.steps.push(step) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** The step with that number. */
  at(number: number): Step {
    const step = this.steps[number];
    if (step === undefined) throw new RangeError(`no step has the number ${number}`);
    return step;
  }
}
