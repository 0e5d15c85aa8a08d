/**
 * What programs of `hunt` are made of: the operations of one generation of a kernel, with what its callers must have before and have
 * after, and the rules that callers keep. Data of a generation, beside its model.
 */
import type { Subject } from '../fix/subject.ts';
import type { FsInfo, Geometry } from '../memory/layout.ts';
import type { Model } from '../model/model.ts';
import type { ReplayColumn } from './replay-column.ts';
import type { Operation } from './scenario.ts';

/**
 * What an actor may have between two operations: `reference`, of the buffer that is carried from the one to the next; and whatever
 * else the operations of an alphabet speak of.
 */
export type Possession = string;

/** Of a buffer: its pointer is what is carried. */
export const REFERENCE: Possession = 'reference';

/** An operation of the kernel, as its callers call it. */
export interface AlphabetOperation<Class extends Model = Model> {
  /** In programs: small letters, digits, hyphens. */
  readonly name: string;
  readonly summary: string;
  /** What must be there, or there is nothing to call it with. @default nothing */
  readonly needs?: readonly Possession[];
  /** What is let go of before it, by the closings of the alphabet. @default nothing */
  readonly lacks?: readonly Possession[];
  /** What it gives. @default nothing */
  readonly gives?: readonly Possession[];
  /** What is gone behind it. @default nothing */
  readonly drops?: readonly Possession[];
  /** Whether it is the whole program of its actor, which runs in a context of its own. @default false */
  readonly isAlone?: true;
  /** Whether nothing comes behind it, so that no way to a start state leads through it. @default false */
  readonly isEnd?: true;
  /** Buffers that it may allocate. @default 0 */
  readonly allocates?: number;
  /** What it submits, which somebody must complete. @default nothing */
  readonly submits?: 'read' | 'write';
  /** Whether it waits for what it has submitted. @default false */
  readonly waits?: true;
  /** Whether it completes what others submit. @default false */
  readonly completes?: true;
  /** The parts of it that run; none of what an actor has from the start. */
  readonly parts: readonly Operation<Class>[];
}

/** What an actor does to let go of something, as every caller does. */
export interface Closing<Class extends Model = Model> {
  readonly of: Possession;
  /** What is gone behind it. */
  readonly drops: readonly Possession[];
  readonly parts: readonly Operation<Class>[];
}

/** A rule that the kernel's callers keep: which programs there are not. */
export interface AlphabetRule {
  readonly id: string;
  /** In one sentence. */
  readonly text: string;
  /** Where the kernel says so. */
  readonly origin: string;
  /** The operations it is about. */
  readonly operations: readonly string[];
  /**
   * How it is kept: by programs, whose actor must have something before these operations; by their number in all programs together,
   * where the block is not free at the start; by what other actors may do meanwhile; or by what the operations do, which is another thing
   * where the rule is left out.
   */
  readonly kept:
    | { readonly by: 'possession'; readonly needs: Possession }
    | { readonly by: 'number'; readonly most: number; readonly unless: Possession }
    | { readonly by: 'company'; readonly allows: readonly string[] }
    | { readonly by: 'operation' };
}

/** A state that nothing has led to: where the way to a start state begins. */
export interface Origin {
  readonly name: string;
  readonly summary: string;
  readonly reset: (words: Int32Array, geometry: Geometry, fs: FsInfo) => void;
}

/** The alphabet of a generation. */
export interface Alphabet<Class extends Model = Model> {
  /** What `--kernel` takes. */
  readonly kernel: string;
  readonly summary: string;
  /** What its programs are a race of: all strategies of the generation. */
  readonly subject: Subject;
  readonly operations: readonly AlphabetOperation<Class>[];
  /** In the order in which an actor makes them: before one, all in front of it. */
  readonly closings: readonly Closing<Class>[];
  readonly rules: readonly AlphabetRule[];
  readonly origins: readonly Origin[];
  /** The buffer of which actors hold references at the start. */
  readonly held: (model: Class, geometry: Geometry) => number;
  /** Most references that are held at the start. */
  readonly heldMax: number;
  /** Whether the setup of reads may fail. */
  readonly setupsFail: boolean;
  /** Whether `atRest` judges trials, too: otherwise it is the subject's. */
  readonly judgesTrials: boolean;
  /** The number of the check that a quiet world breaks in which so many references are held, or 0. */
  readonly atRest: (
    words: Int32Array,
    geometry: Geometry,
    world: { readonly fs: FsInfo; readonly held: number; readonly operations: ReadonlySet<string> },
  ) => number;
  /** Brings to one value what no step depends on, so that equal states are equal. */
  readonly settle: (words: Int32Array, geometry: Geometry, fs: FsInfo) => void;
  /** Whether the block of a quiet world is in nobody's use. */
  readonly isBlockFree: (words: Int32Array, fs: FsInfo) => boolean;
  readonly replayColumns: readonly ReplayColumn[];
}

/** Makes an alphabet without some of its rules, by their ids: for tests of what each is good for. */
export type AlphabetOf<Class extends Model = Model> = (without?: ReadonlySet<string>) => Alphabet<Class>;
