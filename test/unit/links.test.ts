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

  it('show two pictures of the page in README, which are in the package and small', () => {
    const text = readFileSync(new URL('README.md', ROOT), 'utf8');
    const pictures = linksOf(text).filter((to) => to.endsWith('.png'));
    const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { files: string[] };

    expect(pictures).toEqual(['docs/img/rates.png', 'docs/img/witness.png']);
    for (const picture of pictures) {
      const bytes = readFileSync(new URL(picture, ROOT));
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(bytes.length).toBeLessThan(150_000);
      expect(manifest.files).toContain(picture.split('/')[0]);
    }
  });

  it('show every page of docs to readers of README', () => {
    const links = linksOf(readFileSync(new URL('README.md', ROOT), 'utf8'));
    expect(DOCS.map((name) => `docs/${name}`).filter((page) => !links.includes(page))).toEqual([]);
  });
});
