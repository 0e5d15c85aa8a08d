/** What is wrong with a value that should be as a schema of ours says, in words for one line. */
import { type SchemaName, type SchemaObjection, validators } from './validators.js';

export type { SchemaName } from './validators.js';

/** Undefined if nothing is. */
export function objectionTo(schema: SchemaName, value: unknown): string | undefined {
  const validate = validators[schema];
  if (validate(value)) return undefined;
  const [first] = validate.errors ?? [];
  return first === undefined ? 'it is not as its schema says' : sentence(first);
}

function sentence({
  instancePath,
  keyword,
  message = 'is not as it should be',
  params,
}: SchemaObjection): string {
  const where = instancePath === '' ? 'it' : instancePath.slice(1).replaceAll('/', '.');
  // What is unknown has a name that nobody has checked: it is not said.
  if (keyword === 'additionalProperties') return `${where} has a field that is none of its own`;
  if (keyword === 'propertyNames') return `${where} has a name in it that is none`;
  if (keyword === 'not') return `${where} has characters that cannot be shown, or a tag`;
  if (keyword === 'required') return `${where} has no '${String(params['missingProperty'])}'`;
  return `${where} ${message}`;
}
