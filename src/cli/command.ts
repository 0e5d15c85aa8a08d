import type { Arguments, ArgumentSpecs } from './arguments.ts';
import type { Engine } from './engine.ts';
import type { Io } from './io.ts';
import type { ResumedJournal } from './resumed-journal.ts';

/** What a command works with. */
export interface CommandContext {
  readonly io: Io;
  readonly engine: Engine;
  /** What `--resume` goes on from: its options stand in the arguments. */
  readonly resumed?: ResumedJournal | undefined;
}

/** A command: one file under commands, and a line in their registry. */
export interface Command extends ArgumentSpecs {
  readonly name: string;
  readonly summary: string;
  /** Whether it runs when no command is given. */
  readonly isDefault?: boolean;
  /** Whether it goes on from its journal: it has `--resume`, and its options are those that it was begun with. */
  readonly isResumable?: boolean;
  /** Command lines and what they do. */
  readonly examples: readonly (readonly [string, string])[];
  /** What else the help says at its end. */
  readonly epilogue?: string;
  /** Returns the exit status. */
  readonly run: (args: Arguments, context: CommandContext) => Promise<number>;
}
