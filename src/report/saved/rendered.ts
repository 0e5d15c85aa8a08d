/** A saved result with everything that is rendered of it. */
import type { Paint } from '../paint.ts';
import { type Case, CASE_STATES, type CaseState, worstOf } from './case.ts';
import { type Kind, kinds } from './kinds.ts';
import { marked } from './marks.ts';
import { InconsistentResultError, type SavedDocument, SavedResultError } from './saved-result.ts';
import { brokenSums } from './sums.ts';

export interface Rendered {
  /** As it was named. */
  readonly file: string;
  readonly title: string;
  /** What the command has printed, painted. */
  readonly text: string;
  /** The same with marks around its painted words. */
  readonly markedText: string;
  readonly cases: readonly Case[];
  readonly state: CaseState;
  /** SVG elements. */
  readonly charts: readonly string[];
}

/**
 * Renders what a file holds; `paint` is for its text.
 * @throws {SavedResultError} If it cannot be rendered.
 * @throws {InconsistentResultError} If its figures do not add up.
 */
export function rendered(file: string, { schema, document }: SavedDocument, paint: Paint): Rendered {
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
      text: kind.report(document, paint),
      markedText: kind.report(document, marked),
      cases,
      state: worstOf(cases),
      charts: (kind.charts?.(document) ?? []).filter((chart) => chart !== ''),
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
