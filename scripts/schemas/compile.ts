/** The schemas as code: what reads documents and journals checks them with that, and knows no schema language. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { buildSync } from 'esbuild';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = new URL('schemas/', ROOT);
const ENDING = '.schema.json';
/** Not in the repository: made by the build, and before tests. */
export const VALIDATORS: URL = new URL('src/schema/validators.js', ROOT);

/** Writes the code, unless it is younger than all that it is made of. */
export function compileSchemas(): void {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(ENDING));
  const sources = [...files.map((name) => new URL(name, FOLDER)), new URL(import.meta.url)];
  const made = statSync(VALIDATORS, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((source) => statSync(source).mtimeMs < made)) return;
  const ajv = new Ajv({ code: { source: true, esm: true, lines: true }, inlineRefs: false, allowUnionTypes: true, strictTuples: false });
  const ids: Record<string, string> = {};
  const shared = new SharedDefinitions(ajv);
  for (const file of files) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- scripts/schemas.ts has written it
    const schema = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'), withoutProse) as SchemaDocument;
    ajv.addSchema(shared.taken(schema));
    ids[exportedName(file.slice(0, -ENDING.length))] = schema.$id;
  }
  // What the code imports of Ajv is taken in: nothing of it is left at run time.
  const { outputFiles } = buildSync({
    stdin: { contents: codeOf(ajv, ids), resolveDir: new URL('.', ROOT).pathname },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    minifyWhitespace: true,
    minifySyntax: true,
  });
  writeFileSync(VALIDATORS, outputFiles[0]?.text ?? '');
}

interface SchemaDocument {
  readonly $id: string;
  readonly definitions?: Readonly<Record<string, unknown>>;
}

/** Definitions that several schemas have, each compiled once. */
class SharedDefinitions {
  readonly #ajv: Ajv;
  readonly #known = new Set<string>();

  constructor(ajv: Ajv) {
    this.#ajv = ajv;
  }

  /** The schema without its definitions, which are known by what is in them. */
  taken({ definitions = {}, ...schema }: SchemaDocument): Omit<SchemaDocument, 'definitions'> {
    const ids = new Map<string, string>();
    /** Those that lead back to themselves: they are called after the schema. */
    const recursive = new Set<string>();
    const idOf = (name: string): string => {
      const own = `${schema.$id}-${name}`;
      const known = ids.get(name);
      if (known === own) recursive.add(name);
      if (known !== undefined) return known;
      ids.set(name, own);
      const text = withRefs(definitions[name]);
      const digest = `ebtorture:definition-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
      const id = recursive.has(name) ? own : digest;
      ids.set(name, id);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a definition is an object
      if (!this.#known.has(id)) this.#ajv.addSchema({ $id: id, ...(JSON.parse(text) as object) });
      this.#known.add(id);
      return id;
    };
    const withRefs = (value: unknown): string =>
      JSON.stringify(value, (key, part: unknown) =>
        key === '$ref' && typeof part === 'string' ? idOf(part.replace('#/definitions/', '')) : part,
      );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it was, with other references
    return JSON.parse(withRefs(schema)) as Omit<SchemaDocument, 'definitions'>;
  }
}

/** Descriptions are for those who read schemas: whoever checks with them has no use for them. */
function withoutProse(key: string, value: unknown): unknown {
  return key === 'description' && typeof value === 'string' ? undefined : value;
}

/** A module exports a table of its validators, by the names of their schemas. */
function codeOf(ajv: Ajv, ids: Readonly<Record<string, string>>): string {
  // A package in CommonJS, whose function is its default export twice over.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as its documentation says
  const code = (standalone as unknown as { readonly default: typeof standalone.default }).default;
  const names = Object.keys(ids).map((name) => `${JSON.stringify(name.replaceAll('_', '-'))}: ${name}`);
  return `${code(ajv, { ...ids })}\nexport const validators = { ${names.join(', ')} };\n`;
}

function exportedName(name: string): string {
  return name.replaceAll('-', '_');
}
