import type { Model } from '../../model/model.ts';

/**
 * What a model holds of its own beside its notes and the objects it works with: a strategy that keeps something there from one
 * step to another cannot be explored.
 */
export class ModelFields {
  readonly #model: Model;
  readonly #known: ReadonlyMap<string, unknown>;
  readonly #text: string;

  /** The model as it is now is what it has to be ever after. */
  constructor(model: Model) {
    this.#model = model;
    this.#known = new Map(ownFields(model));
    this.#text = textOf(model);
  }

  /** Whether the model has kept nothing: told without making text. */
  areUnchanged(): boolean {
    let count = 0;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever fields a strategy has given it
    const fields = this.#model as unknown as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(fields)) {
      const value = fields[name];
      if (!isOwn(name, value)) continue;
      count++;
      if (this.#known.get(name) !== value) return false;
    }
    return count === this.#known.size;
  }

  /** What has become of the fields, as text. */
  change(): string {
    return `${this.#text} became ${textOf(this.#model)}`;
  }
}

function isOwn(name: string, value: unknown): boolean {
  return name !== 'notes' && typeof value !== 'object';
}

function ownFields(model: Model): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(model).filter(([name, value]) => isOwn(name, value));
}

function textOf(model: Model): string {
  return ownFields(model)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
