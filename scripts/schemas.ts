/**
 * `npm run schemas`: writes schemas/, the JSON Schemas of the documents that ebtorture prints and of the lines of its journals, from the
 * types of both. A test fails where they are no longer what the types say.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaTexts } from './schemas/generate.ts';

const folder = new URL('../schemas/', import.meta.url);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of schemaTexts(fileURLToPath(new URL('..', import.meta.url)))) {
  writeFileSync(new URL(name, folder), text);
}
