/** A saved result with everything that is rendered of it. */
import type { Paint } from '../paint.ts';
import { visibleDocument } from '../visible.ts';
import { type Case, CASE_STATES, type CaseState, worstOf } from './case.ts';
import { type Kind, kinds } from './kinds.ts';
import {
  InconsistentResultError,
  type SavedDocument,
  SavedResultError,
  type SavedResults,
  type Schema,
} from './saved-result.ts';
import { brokenSums } from './sums.ts';

export interface Rendered {
  /** As it was named. */
  readonly file: string;
  readonly title: string;
  /** What tells it from another one with that title. */
  readonly detail: string;
  /** What the command has printed, painted. */
  readonly text: string;
  readonly cases: readonly Case[];
  readonly state: CaseState;
  /** The result itself. */
  readonly saved: Saved;
}

/** A document by its schema. */
export type Saved = { readonly [Name in Schema]: SavedOf<Name> }[Schema];

interface SavedOf<Name extends Schema> {
  readonly schema: Name;
  readonly document: SavedResults[Name];
}

/**
 * Renders what a file holds; `paint` is for its text.
 * @throws {SavedResultError} If it cannot be rendered.
 * @throws {InconsistentResultError} If its figures do not add up.
 */
export function rendered(file: string, { schema, document: written }: SavedDocument, paint: Paint): Rendered {
  const document = visibleDocument(written);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema says which; what is missing is noticed below
  const kind = kinds[schema] as Kind<unknown>;
  try {
    const broken = brokenSums(document);
    if (broken.length > 0) throw new InconsistentResultError(`contradicts itself: ${broken.join('; ')}`);
    const cases = kind.cases(document);
    // Looked up by words of the document, which may be any, such as the name of what every object has.
    const strange = cases.find(({ state }) => !CASE_STATES.includes(state));
    if (strange !== undefined) throw new RangeError(`unknown verdict of ${strange.name}`);
    return {
      file,
      title: kind.title(document),
      detail: kind.detail(document),
      text: kind.report(document, paint),
      cases,
      state: worstOf(cases),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema is that of the document
      saved: { schema, document } as Saved,
    };
  } catch (cause) {
    // Renderers take a result as its type says: a part that is missing, or not what it was, throws wherever it is first used.
    if (cause instanceof TypeError || cause instanceof RangeError) {
      throw new SavedResultError(
        `lacks parts of a ${schema} document, or has them otherwise (${cause.message})`,
        {
          cause,
        },
      );
    }
    throw cause;
  }
}
