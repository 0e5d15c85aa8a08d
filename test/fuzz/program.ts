import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as layout from '../../src/memory/layout.ts';
import * as pageFlags from '../../src/memory/page-flags.ts';
import * as bflags from '../../src/subject/extent-buffer/v5.7/bflags.ts';
import * as fields from '../../src/subject/extent-buffer/v5.7/layout.ts';
import { Note } from '../../src/subject/extent-buffer/v5.7/note.ts';
import { type Chances, NO_CHANCES } from '../../src/explore/search/session.ts';
import { Prng } from '../../src/stats/prng.ts';
import { type Edit, randomEdit } from './edits.ts';
import { attachExtentBufferPage } from './find-methods.ts';
import type { ModelMethod } from './model-method.ts';
import { fixes, modelMethods } from './model-methods.ts';
import { helpers, pick, type Scope, type Tag } from './snippets.ts';
import { parseStatements, render, type Statement } from './statements.ts';

/** What a program is played in: small enough for a search without reductions. */
export interface FuzzSetting {
  readonly start: 'primed' | 'cold';
  /** As `--actors` takes them. */
  readonly actors: string;
  readonly pages: number;
  readonly chances: Chances;
}

export const NEVER: Chances = NO_CHANCES;

function setting(start: FuzzSetting['start'], actors: string, pages = 1, chances = NEVER): FuzzSetting {
  return { start, actors, pages, chances };
}

/** The smaller a setting, the more often it is drawn. */
export const fuzzSettings: readonly FuzzSetting[] = [
  ...Array.from({ length: 4 }, () => setting('primed', 'finder=1,reclaim=1')),
  setting('primed', 'finder=1,reclaim=1', 1, { ...NEVER, trylocksFail: true }),
  setting('primed', 'finder=1,reclaim=1', 2),
  setting('primed', 'finder=1,reclaim=1', 2, { ...NEVER, setupsFail: true }),
  setting('primed', 'finder=2,reclaim=1'),
  setting('primed', 'finder=2,reclaim=1'),
  setting('primed', 'finder=1,reclaim=1,end-io=1'),
  ...Array.from({ length: 3 }, () => setting('cold', 'readahead=1,reclaim=1')),
  setting('cold', 'readahead=2'),
  setting('cold', 'readahead=2,reclaim=1'),
  setting('cold', 'read=1,reclaim=1,end-io=1'),
  setting('cold', 'read=1,reclaim=1,end-io=1', 1, { ...NEVER, readsFail: true }),
  setting('cold', 'read=1,reclaim=1,end-io=1', 1, { ...NEVER, setupsFail: true }),
];

/** A generated strategy, before it is written down. */
export interface Program {
  readonly seed: number;
  readonly number: number;
  readonly setting: FuzzSetting;
  /** Methods that it overrides, as they are before the edits. */
  readonly methods: readonly ModelMethod[];
  readonly edits: readonly Edit[];
}

const EDITS_MAX = 4;

/** Program `number` of a seed: equal numbers give equal programs. */
export function generate(seed: number, number: number, without: ReadonlySet<Tag>): Program {
  const prng = new Prng(seed).fork(number);
  const at = pick(prng, fuzzSettings);
  const methods = new Map<string, ModelMethod>();
  if (at.start === 'cold') methods.set(attachExtentBufferPage.name, attachExtentBufferPage);
  if (prng.nextBelow(5) > 0) {
    const fix = pick(prng, fixes);
    methods.set(fix.name, fix);
  }
  const playable = modelMethods.filter(
    ({ needs }) =>
      needs === 'nothing' ||
      (needs === 'allocation' ? at.start === 'cold' : /end-io|readahead/.test(at.actors)),
  );
  const chosen = Array.from({ length: 1 + prng.nextBelow(3) }, () => {
    const method = pick(prng, playable);
    return methods.get(method.name) ?? method;
  });
  for (const method of chosen) methods.set(method.name, method);
  const bodies = new Map<string, readonly Statement[]>();
  const edits: Edit[] = [];
  for (let left = 1 + prng.nextBelow(EDITS_MAX); left > 0; left--) {
    const text = [...bodies.values()].map((each) => render(each, 0)).join('');
    const called = helpers.filter(({ name }) => text.includes(name));
    const method = pick(prng, [...chosen, ...called]);
    const hasBuffer =
      method.parameters.includes('eb') || at.start === 'primed' || !without.has('unallocated');
    const scope: Scope = { method, hasBuffer, without };
    const body = bodies.get(method.name) ?? bodyOf(method);
    // Earlier edits may have left nothing.
    if (body.length === 0) continue;
    const edit = randomEdit(prng, scope, body, edits.length);
    bodies.set(method.name, edit.apply(body));
    edits.push(edit);
  }
  return { seed, number, setting: at, methods: [...methods.values()], edits };
}

function bodyOf(method: ModelMethod): readonly Statement[] {
  return parseStatements(method.source, 's');
}

/** The text of a program as a plug-in. */
export function sourceOf({ seed, number, setting: at, methods, edits }: Program): string {
  const texts = [...methods, ...helpers].map((method) => methodText(method, edits));
  const all = texts.join('');
  const isCalled = ({ name }: ModelMethod): boolean => all.includes(`this.${name}(`);
  const used = texts.filter((_, index) => {
    const helper = helpers[index - methods.length];
    return helper === undefined || isCalled(helper);
  });
  const code = used.join('\n');
  const constants = Object.entries(WORDS).filter(([name]) => new RegExp(`\\b${name}\\b`).test(code));
  return `// seed ${seed}, program ${number}: ${at.start}, ${at.actors}, pages ${at.pages}${chancesText(at.chances)}
${edits.map(({ method, label }) => `// ${method}: ${label}\n`).join('')}
${constants.map(([name, value]) => `const ${name} = ${value};\n`).join('')}
const pagesOf = ({ fsInfo, geometry }) =>
  Array.from({ length: geometry.pages }, (_, index) => fsInfo + ${layout.FS_PAGES} + index * ${layout.PAGE_WORDS});
const bufferOf = ({ fsInfo, geometry }) => fsInfo + ${layout.FS_PAGES} + geometry.pages * ${layout.PAGE_WORDS};

export default (Base) =>
  class extends Base {
${code}  };
`;
}

function chancesText({ readsFail, trylocksFail, setupsFail }: Chances): string {
  return `${readsFail ? ', reads fail' : ''}${trylocksFail ? ', trylocks fail' : ''}${setupsFail ? ', setups fail' : ''}`;
}

function methodText(method: ModelMethod, edits: readonly Edit[]): string {
  const { name, parameters } = method;
  const own = edits.filter((edit) => edit.method === name);
  const body = render(
    own.reduce((sofar, edit) => edit.apply(sofar), bodyOf(method)),
    6,
  );
  const uses = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(body);
  const prologue = [
    'const mem = this.mem;',
    uses('fs') && 'const fs = this.fsInfo;',
    (uses('pages') || (uses('page') && !parameters.includes('page'))) && 'const pages = pagesOf(this);',
    uses('page') && !parameters.includes('page') && 'const page = pages[0];',
    uses('eb') && !parameters.includes('eb') && 'const eb = bufferOf(this);',
    uses('n') && 'let n = 0;',
    uses('ok') && 'let ok = false;',
  ].filter((line) => typeof line === 'string');
  const head = prologue.map((line) => `      ${line}\n`).join('');
  return `    ${name}(${parameters.join(', ')}) {\n${head}${body}    }\n`;
}

const snakeCase = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();

/** Every constant that a method or a snippet names. */
const WORDS: Readonly<Record<string, number>> = {
  ...numbersOf(layout),
  ...numbersOf(fields),
  ...numbersOf(pageFlags),
  ...Object.fromEntries(
    Object.entries(numbersOf(bflags)).map(([name, value]) => [name.replace('EXTENT_BUFFER_', ''), value]),
  ),
  ...Object.fromEntries(Object.entries(Note).map(([name, value]) => [snakeCase(name), value])),
};

function numbersOf(module: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(module).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** A folder for programs, which is removed at the end. */
export class ProgramFolder {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'ebtorture-fuzz-'));
  #written = 0;

  /** Writes a program down; every call gives a file of its own, since a module is loaded once. */
  write(program: Program): string {
    const path = join(this.#folder, `program-${program.seed}-${program.number}-${this.#written++}.mjs`);
    writeFileSync(path, sourceOf(program));
    return path;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
