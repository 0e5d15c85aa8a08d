import { pathToFileURL } from 'node:url';

/** The URL of a plug-in's module, with every character of its path that means something in a URL escaped; a `file:` URL as it is. */
export function plugInUrl(plugIn: string): string {
  return /^file:\/\//i.test(plugIn) ? new URL(plugIn).href : pathToFileURL(plugIn).href;
}
