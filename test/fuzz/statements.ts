/**
 * The body of a method as a tree of statements: what the fuzzer edits. A statement is one line of text; one that ends with
 * an opening brace holds others. It keeps its number whatever becomes of those around it, so that an edit still means the
 * same statement when edits before it are taken back.
 */
export interface Statement {
  readonly id: string;
  readonly text: string;
  /** Whether it must stay where it is: later ones need what it declares, or a loop would have no step. */
  readonly isFixed: boolean;
  /** Of a block; undefined for a plain statement. */
  readonly body: readonly Statement[] | undefined;
}

/** Reads a body: a statement a line, `!` before one that is to stay. Numbers begin with `prefix`. */
export function parseStatements(source: string, prefix: string): Statement[] {
  const lines = source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  let at = 0;
  const block = (): Statement[] => {
    const statements: Statement[] = [];
    while (at < lines.length) {
      const line = lines[at] ?? '';
      const id = `${prefix}${at}`;
      at++;
      if (line === '}') return statements;
      const isFixed = line.startsWith('!');
      const text = isFixed ? line.slice(1) : line;
      statements.push({ id, text, isFixed, body: text.endsWith('{') ? block() : undefined });
    }
    return statements;
  };
  return block();
}

/** All statements, those in blocks among them. */
export function flatten(statements: readonly Statement[]): Statement[] {
  return statements.flatMap((statement) => [statement, ...flatten(statement.body ?? [])]);
}

/** Puts what `change` gives in the place of the statement with that number. Where it is gone, nothing changes. */
export function replaceStatement(
  statements: readonly Statement[],
  id: string,
  change: (statement: Statement) => readonly Statement[],
): Statement[] {
  return statements.flatMap((statement) => {
    if (statement.id === id) return change(statement);
    if (statement.body === undefined) return [statement];
    return [{ ...statement, body: replaceStatement(statement.body, id, change) }];
  });
}

/** Moves a statement `by` places among its neighbors, but past none that has to stay where it is. */
export function moveStatement(statements: readonly Statement[], id: string, by: number): Statement[] {
  const from = statements.findIndex((statement) => statement.id === id);
  if (from < 0) {
    return statements.map((statement) =>
      statement.body === undefined
        ? statement
        : { ...statement, body: moveStatement(statement.body, id, by) },
    );
  }
  const moved = statements.slice(from, from + 1);
  const others = statements.filter((_, index) => index !== from);
  let to = from;
  const step = Math.sign(by);
  for (let left = Math.abs(by); left > 0; left--) {
    const passed = others[step > 0 ? to : to - 1];
    if (passed === undefined || passed.isFixed) break;
    to += step;
  }
  return [...others.slice(0, to), ...moved, ...others.slice(to)];
}

/** The text of a body, indented by so many spaces. */
export function render(statements: readonly Statement[], indent: number): string {
  const space = ' '.repeat(indent);
  return statements
    .map(({ text, body }) =>
      body === undefined ? `${space}${text}\n` : `${space}${text}\n${render(body, indent + 2)}${space}}\n`,
    )
    .join('');
}
