/** What may be wrong with a module that is to be a plug-in, each as half a sentence; undefined where nothing is. */
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelClass } from '../strategy.ts';
import { didYouMean } from './suggest.ts';

/** The version of the interface that plug-ins are written for: what `export const apiVersion` in one of them must be. */
export const API_VERSION = 1;

/** A process that parses one file takes some 40 ms. */
const PARSE_MS = 3_000;
/** `file:///a/my-fix.mjs:7` or `/a/my-fix.cjs:7`, in front of the line itself. */
const FIRST_LINE = /^((?:file:\/\/)?\/[^\n]*):(\d+)\n/;

/** Of what the module exports as `apiVersion`; it need not. */
export function versionObjection(value: unknown): string | undefined {
  if (value === undefined || value === API_VERSION) return undefined;
  return `apiVersion: this ebtorture has version ${API_VERSION} of the strategy interface, got ${JSON.stringify(value)}`;
}

/**
 * Of a method that the base does not have: nobody would call it, and mostly its name is mistyped. Helpers of a plug-in's
 * own start with `#` or `_`.
 */
export function methodObjection(Model: ModelClass, Base: ModelClass): string | undefined {
  const unknown = overridesOf(Model, Base).find((name) => !name.startsWith('_') && !(name in Base.prototype));
  if (unknown === undefined) return undefined;
  const known = methodsBetween(Base, Object.prototype);
  return (
    `${unknown} is no method of the model${didYouMean(unknown, known)} ` +
    '(a helper of your own starts with # or _)'
  );
}

/** Why the module could not be loaded. */
export async function loadObjection(source: string, cause: unknown): Promise<string> {
  const { code, message, stack }: NodeJS.ErrnoException =
    cause instanceof Error ? cause : new Error(String(cause));
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(source)) {
    return `Node ${process.versions.node} does not run TypeScript; take Node 22.18, 24 or later, or write it as .mjs`;
  }
  const isScript = /Unexpected token 'export'|Cannot use import statement/.test(message);
  const advice = isScript ? '; name it .mjs or .mts, or set "type": "module" in its package.json' : '';
  const line = cause instanceof SyntaxError ? await placeOfSyntax(source, stack ?? '') : '';
  return `cannot be loaded: ${message}${line}${advice}`;
}

/**
 * Where a module cannot be parsed: `, in line 7`, or of which other file; empty if that is not known. Of an ES module Node
 * tells the line to nobody but its own standard error, so that it is asked by a process that only parses.
 */
async function placeOfSyntax(source: string, stack: string): Promise<string> {
  const path = resolve(source);
  let place = FIRST_LINE.exec(stack);
  if (place === null) {
    const { spawnSync } = await import('node:child_process');
    const { NODE_OPTIONS: _theirs, ...env } = process.env;
    const parsed = spawnSync(process.execPath, ['--check', '--', path], {
      env,
      encoding: 'utf8',
      timeout: PARSE_MS,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    place = FIRST_LINE.exec(parsed.stderr ?? '');
  }
  const [, at = '', line = ''] = place ?? [];
  if (place === null) return '';
  const isSource = at === path || at === pathToFileURL(path).href;
  return isSource ? `, in line ${line}` : `, in line ${line} of ${basename(at)}`;
}

/** The methods that a strategy has of its own, outermost class first. */
export function overridesOf(Model: ModelClass, Base: ModelClass): string[] {
  return methodsBetween(Model, Base.prototype);
}

function methodsBetween(Model: ModelClass, end: object): string[] {
  const names = new Set<string>();
  let prototype: unknown = Model.prototype;
  while (typeof prototype === 'object' && prototype !== null && prototype !== end) {
    for (const name of Object.getOwnPropertyNames(prototype)) if (name !== 'constructor') names.add(name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return [...names];
}
