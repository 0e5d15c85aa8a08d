/** The one JSON document of a command, as `--json` prints it and `--out` saves it. */
export function jsonDocument(result: object): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
