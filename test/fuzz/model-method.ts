/**
 * The methods of src/model and of the strategies in src/fix as text that can be edited: one step a line where it can be.
 * In every method `mem`, `fs`, `pages`, `eb` and `page` mean something, so that a statement may stand anywhere; `n` and `ok`
 * are declared where a statement gives them a value.
 */
export interface ModelMethod {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly source: string;
  /** What an early return gives; undefined where nothing would do for its callers. */
  readonly returns: string | undefined;
  /** A method may call those of lower rank only, so that no edit makes it call itself. */
  readonly rank: number;
  /** What must happen for it to be called. */
  readonly needs: 'nothing' | 'allocation' | 'completion';
}
