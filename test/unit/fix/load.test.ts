import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isPlugIn, loadStrategy, modelOf, StrategyError } from '../../../src/fix/plug-in/load.ts';
import { loadObjection, overridesOf } from '../../../src/fix/plug-in/module-checks.ts';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { TestWorld } from '../../helpers/test-world.ts';

/** Writes a plug-in and returns its path. */
function plugIn(source: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'ebtorture-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'my-fix.mjs');
  writeFileSync(path, source);
  return path;
}

describe('isPlugIn', () => {
  it.each(['./fix.mjs', 'fix.mjs', 'fix.ts', 'fix.cjs', '/a/fix', 'a/b'])(
    'takes %s for a path',
    (strategy) => {
      expect(isPlugIn(strategy)).toBe(true);
    },
  );

  it.each(strategies)('takes $name for a name', ({ name }) => {
    expect(isPlugIn(name)).toBe(false);
  });
});

describe('loadStrategy', () => {
  it.each(strategies)('finds $name by its name', async (strategy) => {
    await expect(loadStrategy(strategy.name, extentBuffer)).resolves.toBe(strategy);
  });

  it('says which strategy is unknown', async () => {
    await expect(loadStrategy('upsteam', extentBuffer)).rejects.toThrow(
      new StrategyError("unknown strategy 'upsteam'"),
    );
  });

  it('loads a plug-in whose model runs with its own override', async () => {
    const path = plugIn('export default (Base) => class extends Base { findExtentBuffer() { return 0; } };');

    const strategy = await loadStrategy(path, extentBuffer);
    const model = new TestWorld().model(undefined, modelOf(strategy));

    expect(strategy).toMatchObject({
      name: 'my-fix',
      expectation: 'holds',
      summary: 'a plug-in',
      origin: path,
    });
    expect(model).toBeInstanceOf(ExtentBufferModel);
    expect(model.findExtentBuffer()).toBe(0);
  });

  it('takes what a plug-in says of itself', async () => {
    const path = plugIn(`
      export const expectation = 'violates';
      export const summary = 'nothing';
      export const origin = 'a list';
      export default (Base) => class extends Base {};
    `);

    expect(await loadStrategy(path, extentBuffer)).toMatchObject({
      expectation: 'violates',
      summary: 'nothing',
      origin: 'a list',
    });
  });

  it.each([
    { why: 'it has no default export', source: 'export const a = 1;', message: 'no default export' },
    { why: 'its default export is no function', source: 'export default {};', message: 'no default export' },
    { why: 'it does not parse', source: 'export default (', message: 'cannot be loaded' },
    { why: 'it throws', source: "throw new Error('out of order');", message: 'out of order' },
    {
      why: 'its expectation is none',
      source: "export const expectation = 'wins'; export default (Base) => class extends Base {};",
      message: `expectation: expected 'holds' or 'violates', got "wins"`,
    },
  ])('names the module where $why', async ({ source, message }) => {
    const path = plugIn(source);

    const failure = await loadStrategy(path, extentBuffer).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(StrategyError);
    expect(String(failure)).toContain(path);
    expect(String(failure)).toContain(message);
  });

  it('names a module that is not there', async () => {
    await expect(loadStrategy('./no/such/fix.mjs', extentBuffer)).rejects.toThrow(
      './no/such/fix.mjs: cannot be loaded',
    );
  });

  it.each([
    { what: 'nothing', source: 'export default () => undefined;' },
    { what: 'another class', source: 'export default () => class {};' },
    { what: 'the class itself', source: 'export default (Base) => Base;' },
  ])('refuses a plug-in that returns $what, once its model is wanted', async ({ source }) => {
    const strategy = await loadStrategy(plugIn(source), extentBuffer);

    expect(() => modelOf(strategy)).toThrow('returned no subclass of the class it was given');
  });
});

describe('strategies', () => {
  it('have names of their own, a control first, and say where they come from', () => {
    expect(new Set(strategies.map(({ name }) => name)).size).toBe(strategies.length);
    expect(strategies[0]?.expectation).toBe('violates');
    for (const { summary, origin } of strategies) expect([summary, origin]).not.toContain('');
  });
});

describe('what a plug-in has of its own', () => {
  it.each([
    { what: 'a mistyped method', body: 'setIoPage() {}', message: 'did you mean setIoPages?' },
    {
      what: 'a method that is like none',
      body: 'zzzzzzzz() {}',
      message: 'zzzzzzzz is no method of the model (',
    },
    {
      what: 'a mistyped getter',
      body: 'get setIopages() { return 0; }',
      message: 'did you mean setIoPages?',
    },
  ])('must not be $what', async ({ body, message }) => {
    const strategy = await loadStrategy(
      plugIn(`export default (Base) => class extends Base { ${body} };`),
      extentBuffer,
    );

    expect(() => modelOf(strategy)).toThrow(message);
  });

  it('may be helpers that start with # or _, and overrides in more than one class', async () => {
    const strategy = await loadStrategy(
      plugIn(`export default (Base) => {
        class Below extends Base { _help() { return 1; } setIoPages(eb, n) { super.setIoPages(eb, n); } }
        return class extends Below { #secret() {} freeExtentBuffer(eb) { this.#secret(); super.freeExtentBuffer(eb); } };
      };`),
      extentBuffer,
    );

    expect(overridesOf(modelOf(strategy), ExtentBufferModel)).toEqual([
      'freeExtentBuffer',
      '_help',
      'setIoPages',
    ]);
  });

  it.each([1, undefined])('may be written for version %s of the interface', async (version) => {
    const said = version === undefined ? '' : `export const apiVersion = ${version};`;

    await expect(
      loadStrategy(plugIn(`${said} export default (Base) => class extends Base {};`), extentBuffer),
    ).resolves.toMatchObject({ name: 'my-fix' });
  });

  it.each(['2', '"1"', 'null'])('is refused with version %s', async (version) => {
    const path = plugIn(
      `export const apiVersion = ${version}; export default (Base) => class extends Base {};`,
    );

    await expect(loadStrategy(path, extentBuffer)).rejects.toThrow(
      `${path}: apiVersion: this ebtorture has version 1 of the strategy interface, got ${version}`,
    );
  });
});

it('says what to do where Node takes a module for a script', async () => {
  expect(await loadObjection('./fix.js', new SyntaxError("Unexpected token 'export'"))).toBe(
    'cannot be loaded: Unexpected token \'export\'; name it .mjs or .mts, or set "type": "module" in its package.json',
  );
});

it('says which Node runs TypeScript where this one does not', async () => {
  const cause = Object.assign(new TypeError('Unknown file extension ".ts"'), {
    code: 'ERR_UNKNOWN_FILE_EXTENSION',
  });

  expect(await loadObjection('./fix.ts', cause)).toBe(
    `Node ${process.versions.node} does not run TypeScript; take Node 22.18, 24 or later, or write it as .mjs`,
  );
  expect(await loadObjection('./fix.txt', cause)).toBe('cannot be loaded: Unknown file extension ".ts"');
});
