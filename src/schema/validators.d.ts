/** Made of schemas/ by scripts/schemas/compile.ts: checks of whatever somebody has read, by the name of its schema. */
export interface Validator {
  (value: unknown): boolean;
  /** What the last value that it was given has wrong; the first thing only. */
  readonly errors?: readonly SchemaObjection[] | null;
}

/** As Ajv tells it. */
export interface SchemaObjection {
  /** Where: a JSON pointer. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type SchemaName =
  | 'journal-header-compare'
  | 'journal-header-stress'
  | 'journal-header-explain'
  | 'journal-header-window'
  | 'journal-header-hunt'
  | 'journal-header-mutate'
  | 'journal-header-history'
  | 'journal-header-search'
  | 'journal-block'
  | 'journal-start'
  | 'journal-look'
  | 'journal-tuning'
  | 'journal-calibration'
  | 'journal-offsets'
  | 'journal-visits'
  | 'journal-arm'
  | 'journal-explanation'
  | 'journal-chunk'
  | 'journal-finding'
  | 'journal-hunted'
  | 'journal-surveyed'
  | 'journal-mutant'
  | 'journal-race'
  | 'journal-played'
  | 'journal-cell'
  | 'journal-document'
  | 'journal-verdict'
  | 'compare'
  | 'stress'
  | 'window'
  | 'explore'
  | 'explore-random'
  | 'replay'
  | 'explain'
  | 'mutate'
  | 'history'
  | 'hunt'
  | 'cpus'
  | 'merge'
  | 'diff';

export const validators: Readonly<Record<SchemaName, Validator>>;
