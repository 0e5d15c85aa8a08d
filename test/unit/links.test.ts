import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const DOCS = readdirSync(new URL('docs/', ROOT)).filter((name) => name.endsWith('.md'));
const TEXTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/README.md',
  ...DOCS.map((name) => `docs/${name}`),
];

/** Where links of a text lead, those of the web left out. */
function linksOf(text: string): string[] {
  const found = [...text.matchAll(/\]\((?<to>[^)\s]+)\)/g)].map(({ groups }) => groups?.['to'] ?? '');
  return found.filter((to) => !/^[a-z]+:/.test(to)).map((to) => to.replace(/#.*$/, ''));
}

describe('links of the texts', () => {
  it('are seen', () => {
    expect(linksOf('[a](b.md#c), [d](https://e) and `f(g)[0](h)`')).toEqual(['b.md', 'h']);
  });

  it.each(TEXTS)('lead somewhere: %s', (path) => {
    const from = new URL(path, ROOT);
    const links = linksOf(readFileSync(from, 'utf8')).filter((to) => to !== '');
    expect(links.filter((to) => !existsSync(new URL(to, from)))).toEqual([]);
  });

  it('show every page of docs to readers of README', () => {
    const links = linksOf(readFileSync(new URL('README.md', ROOT), 'utf8'));
    expect(DOCS.map((name) => `docs/${name}`).filter((page) => !links.includes(page))).toEqual([]);
  });
});
