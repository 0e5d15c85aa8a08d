import { jsonDocument } from '../report/json-document.ts';
import { plain } from '../report/paint.ts';
import { rendered } from '../report/saved/rendered.ts';
import { parseSaved } from '../report/saved/saved-result.ts';

/**
 * A result of `compare`, `stress`, `window`, `explore`, `explain` or `mutate` as its command prints it; also one that was saved and
 * read again.
 * @throws {SavedResultError} If it is no whole result.
 */
export function report(result: object): string {
  return rendered('result', parseSaved(jsonDocument(result)), plain).text;
}
