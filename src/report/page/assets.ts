/** The style and the one script of the page, with the hashes by which its policy lets them in, and nothing else. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Asset {
  readonly text: string;
  /** As a Content-Security-Policy names it. */
  readonly hash: string;
}

/** Reads a file beside this one. Its text must not end the element that it stands in. */
function asset(name: 'page.css' | 'page-client.js'): Asset {
  const text = readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error(`${name} cannot stand in a page`);
  return { text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'` };
}

/** Both. */
export function assets(): { readonly style: Asset; readonly script: Asset } {
  return { style: asset('page.css'), script: asset('page-client.js') };
}
