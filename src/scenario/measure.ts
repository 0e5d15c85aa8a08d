/** What is counted of a scenario beside violations, in words of its own. */

/** What results and reports must know of a measure: plain data, so that a saved result has it with it. */
export interface MeasureWords {
  /** Its name in results, in camelCase: `dyingFound`. */
  readonly name: string;
  /** What reports call it. @default the name in words: `dying found` */
  readonly label?: string;
  /** Whether such a trial came near a violation. @default false */
  readonly isNearMiss?: boolean;
  /**
   * `met`: such a trial has met the race, whether or not it came to harm. `mended`: the fix has met the race and put right what
   * it found. At most one measure of each; these two are profiled over the start offset, too.
   */
  readonly role?: 'met' | 'mended';
  /** Sentences of reports; what is left out is made of the label. */
  readonly phrases?: Partial<MeasurePhrases>;
  /** Where results have it if not among `measures`. */
  readonly fields?: MeasureFields;
}

/** How reports speak of a measure. */
export interface MeasurePhrases {
  /** Header of its column: `strips`. */
  readonly column: string;
  /** What such trials are: `trials in which TREE_REF was taken from a live user`. */
  readonly trials: string;
  /** What happened in one, before a number of times: `TREE_REF was stripped from a live user`. */
  readonly happened: string;
  /** That it happened in none: `no TREE_REF was stripped from a live user`. */
  readonly never: string;
  /** What a strategy without it does better than one with it: `takes no TREE_REF from a live user where this takes none`. */
  readonly avoided: string;
  /** What such trials are in a share of them: `rescued`. */
  readonly share: string;
  /** What it means, behind its label; nothing by default. */
  readonly gloss: string;
}

/** Fields of results that are older than `measures`, and stay where they are. */
export interface MeasureFields {
  readonly arm: 'rescues' | 'treeRefStripped';
  readonly window: 'rescues' | 'strips';
}

/** Something that is counted: once in a trial for each actor that notes it. */
export interface Measure extends MeasureWords {
  /** One bit of the notes, one of `Note` or of a scenario's own. */
  readonly note: number;
}

/** Values by measure: in old fields those of measures that have one, the others by name. */
export type Measured<Field extends string, Value> = { readonly [field in Field]?: Value } & {
  readonly measures?: Readonly<Record<string, Value>>;
};

/** Values of an arm by measure. */
export type ArmMeasured = Measured<MeasureFields['arm'], number>;
/** Values of a point or of a profile of a window by measure. */
export type WindowMeasured<Value> = Measured<MeasureFields['window'], Value>;

/** Lays values out as results have them, in the order of the measures. */
export function laidOut<Field extends keyof MeasureFields, Value>(
  measures: readonly MeasureWords[],
  field: Field,
  of: (measure: MeasureWords, index: number) => Value,
): Measured<MeasureFields[Field], Value> {
  const own: Record<string, Value> = {};
  const others: Record<string, Value> = {};
  for (const [index, measure] of measures.entries()) {
    const old = measure.fields?.[field];
    if (old === undefined) others[measure.name] = of(measure, index);
    else own[old] = of(measure, index);
  }
  const laid = { ...own, ...(Object.keys(others).length > 0 && { measures: others }) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `own` are fields of that kind
  return laid as Measured<MeasureFields[Field], Value>;
}

/** The value of a measure where `laidOut` has put it. */
export function valueOf<Field extends keyof MeasureFields, Value>(
  values: Measured<MeasureFields[Field], Value>,
  field: Field,
  { name, fields }: MeasureWords,
): Value | undefined {
  const old = fields?.[field];
  return old === undefined ? values.measures?.[name] : values[old];
}

/** How often a measure was noted in the trials of an arm. */
export function countIn(
  arm: ArmMeasured & { readonly nearMisses: { readonly byKind: Readonly<Record<string, number>> } },
  measure: MeasureWords,
): number {
  return valueOf(arm, 'arm', measure) ?? arm.nearMisses.byKind[measure.name] ?? 0;
}

/** The measures that are profiled: what the fix mended, and what was met. */
export function profiled<Words extends Pick<MeasureWords, 'role'>>(
  measures: readonly Words[],
): readonly Words[] {
  return [measureOf(measures, 'mended'), measureOf(measures, 'met')].filter((each) => each !== undefined);
}

/** The measure of a role, if there is one. */
export function measureOf<Words extends Pick<MeasureWords, 'role'>>(
  measures: readonly Words[],
  role: 'met' | 'mended',
): Words | undefined {
  return measures.find((measure) => measure.role === role);
}

/** What reports call a measure. */
export function labelOf({ name, label }: Pick<MeasureWords, 'name' | 'label'>): string {
  return label ?? name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** How reports speak of a measure. */
export function phrasesOf(measure: MeasureWords): MeasurePhrases {
  const label = labelOf(measure);
  return {
    column: label,
    trials: `trials with '${label}'`,
    happened: `'${label}' was noted`,
    never: `'${label}' was never noted`,
    avoided: `has no '${label}' where this has none`,
    share: label,
    gloss: '',
    ...measure.phrases,
  };
}
