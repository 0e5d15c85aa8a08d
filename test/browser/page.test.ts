/**
 * The page of a report as a reader has it: from a file, in a browser, at a desk and on a phone. `EBTORTURE_SCREENSHOTS` names a
 * folder for what it looks like.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { playedFor } from '../../src/cli/replays.ts';
import { htmlPage } from '../../src/report/page/page.ts';
import type { Rendered } from '../../src/report/saved/rendered.ts';
import { replaysWanted } from '../../src/report/page/replays.ts';
import { changesOf } from '../../src/report/page/witness/states.ts';
import { mergedSample } from '../helpers/merged-sample.ts';
import { browserPath, startBrowser } from '../helpers/browser.ts';
import { exploredNone, pageResults, renderedOf, renderedUnchecked } from '../unit/report/sample-page.ts';
import { asDeclared } from '../unit/report/sample-results.ts';

const path = browserPath();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const RESULTS = [...pageResults, mergedSample].map((result) => renderedOf(result));
const WITNESS = renderedOf(exploredNone);
const steps = exploredNone.violations[0]?.witness?.steps ?? [];

describe.skipIf(path === undefined)('the page in a browser', () => {
  let browser: Browser;
  let directory = '';

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ebtorture-page-'));
    browser = await startBrowser(path ?? '');
  });

  afterAll(async () => {
    await browser.close();
    rmSync(directory, { recursive: true });
  });

  /** Opens the page of results; whatever it says or asks for is in `noise`. */
  async function opened(
    results: readonly Rendered[],
    options: Parameters<Browser['newPage']>[0] & { readonly hash?: string } = {},
  ): Promise<{ readonly page: Page; readonly noise: readonly string[] }> {
    const { hash = '', ...rest } = options;
    const file = join(directory, 'page.html');
    writeFileSync(file, htmlPage(results, await playedFor(replaysWanted(results))));
    const page = await browser.newPage({ viewport: DESK, ...rest });
    onTestFinished(() => page.close());
    const noise: string[] = [];
    const own = pathToFileURL(file).href;
    page.on('console', (message) => noise.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      noise.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url().replace(/#.*/, '') !== own) noise.push(`request: ${request.url()}`);
    });
    await page.goto(own + hash);
    return { page, noise };
  }

  const current = (page: Page, run = 0): Promise<string | null> =>
    page.locator('#w1 .run').nth(run).locator('[aria-current="step"]').getAttribute('id');

  it.each([
    [DESK, 'light'],
    [DESK, 'dark'],
    [PHONE, 'light'],
    [PHONE, 'dark'],
  ] as const)(
    'says nothing, asks for nothing, and has no violation of accessibility: %o, %s',
    async (viewport, colorScheme) => {
      const { page, noise } = await opened(RESULTS, { viewport, colorScheme });
      await page.locator('details').evaluateAll((all) => {
        for (const each of all) each.setAttribute('open', '');
      });
      const folder = process.env['EBTORTURE_SCREENSHOTS'];
      const name = `page-${viewport.width}-${colorScheme}.png`;
      if (folder !== undefined) await page.screenshot({ path: join(folder, name) });
      // Not through a script element, which the policy of the page refuses.
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const run = Reflect.get(globalThis, 'axe') as {
          run(): Promise<{
            violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
          }>;
        };
        const found = await run.run();
        return found.violations.map(
          ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
        );
      });
      expect(violations).toEqual([]);
      expect(noise).toEqual([]);
    },
    // What axe looks at is large: a busy host takes minutes for it.
    900_000,
  );

  it('scrolls sideways nowhere on a phone but in tables and texts that say so', async () => {
    const { page } = await opened(RESULTS, { viewport: PHONE });
    await page.locator('details').evaluateAll((all) => {
      for (const each of all) each.setAttribute('open', '');
    });
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(widths[0]).toBe(widths[1]);
    const silent = await page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter((each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1)
        .filter((each) => ['auto', 'scroll'].includes(getComputedStyle(each).overflowX))
        .filter(
          (each) =>
            each.tagName !== 'PRE' &&
            getComputedStyle(each.closest('.table')?.querySelector('.hint') ?? each).display !== 'inline',
        )
        .map((each) => `${each.tagName}.${each.className}`),
    );
    expect(silent).toEqual([]);
    // A schedule is longer than a line: it is broken behind a colon or a comma, or at a hyphen.
    const broken = await page.evaluate(() =>
      [...document.querySelectorAll('.command code')].flatMap((code) => {
        const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        const found: string[] = [];
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const text = node.textContent ?? '';
          const lineOf = (at: number): number | undefined => {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            return range.getClientRects()[0]?.top;
          };
          for (let at = 1; at < text.length; at += 1) {
            const [one, other] = [lineOf(at - 1), lineOf(at)];
            const isCut = one !== undefined && other !== undefined && Math.abs(one - other) > 4;
            if (isCut && /\w/.test(text[at - 1] ?? '') && /\w/.test(text[at] ?? '')) found.push(text);
          }
        }
        return found;
      }),
    );
    expect(broken).toEqual([]);
    // Drawn for the width, not shrunk to it.
    const scales = await page.evaluate(() =>
      [...document.querySelectorAll('svg.plot')]
        .map((svg) => [svg.getBoundingClientRect().width, Number(svg.getAttribute('width'))])
        .filter(([shown]) => (shown ?? 0) > 0)
        .map(([shown = 0, drawn = 1]) => shown / drawn),
    );
    expect(scales.length).toBeGreaterThan(3);
    expect(Math.min(...scales)).toBe(1);
  });

  it('walks through a witness by keys, with the state and what it was before', async () => {
    const { page, noise } = await opened([WITNESS]);
    const list = page.locator('#w1 .steps').first();
    await list.focus();
    expect(await current(page)).toBe('w1-1');
    for (const step of steps.slice(1)) {
      await page.keyboard.press('ArrowRight');
      expect(await current(page)).toBe(`w1-${step.number}`);
      const state = await page.locator('#w1 .run').first().locator('.state').innerText();
      const [buffer] = step.after.buffers ?? [];
      expect(state).toMatch(new RegExp(`eb0 refs\\s+${String(buffer?.['refs'])}`));
      for (const { name, owner } of step.after.locks) expect(state).toContain(`${name} held by ${owner}`);
      for (const [name, before, after] of changesOf(step)) {
        expect(state).toContain(`${name} ${after} was ${before}`);
      }
    }
    await page.keyboard.press('ArrowLeft');
    expect(await current(page)).toBe(`w1-${steps.length - 1}`);
    await page.keyboard.press('Home');
    expect(await current(page)).toBe('w1-1');
    await page.keyboard.press('n');
    const next = steps.find(({ number, changes }) => number > 1 && changes.length > 0);
    expect(await current(page)).toBe(`w1-${next?.number}`);
    expect(new URL(page.url()).hash).toBe(`#w1-${next?.number}`);
    await page.keyboard.press('End');
    // The fix goes on for longer: the line says whose step that is.
    const fixed = await page.locator('#w1 .run').nth(1).locator('.step').count();
    expect(await page.locator('#w1 .size').innerText()).toContain(
      `${steps.length} steps, ${exploredNone.violations[0]?.witness?.preemptions} preemption`,
    );
    expect(await page.locator('#w1 .where').innerText()).toMatch(
      fixed > steps.length
        ? new RegExp(`^Step ${fixed} of ${fixed} under upstream`)
        : new RegExp(`^Step ${steps.length} of ${steps.length}`),
    );
    await page.keyboard.press('Home');
    expect(await page.locator('#w1 .where').innerText()).toMatch(new RegExp(`^Step 1 of ${steps.length}, `));
    expect(noise).toEqual([]);
  });

  it('walks through it by touch, and shows the fix in its place on a phone', async () => {
    const { page, noise } = await opened([WITNESS], { viewport: PHONE, hasTouch: true, isMobile: true });
    await page.locator('#w1 .next').tap();
    await page.locator('#w1 .next').tap();
    expect(await current(page)).toBe('w1-3');
    await page.locator('#w1 .previous').tap();
    expect(await current(page)).toBe('w1-2');
    expect(await page.locator('#w1 .run').nth(1).isVisible()).toBe(false);
    await page.locator('#w1 .other').tap();
    expect(await page.locator('#w1 .run').nth(0).isVisible()).toBe(false);
    expect(await current(page, 1)).toBe('w1b-2');
    await page.locator('#w1 .run').nth(1).locator('#w1b-1').tap();
    expect(await current(page, 1)).toBe('w1b-1');
    await page.locator('#w1 input').fill('5');
    expect(await current(page)).toBe('w1-5');
    expect(noise).toEqual([]);
  });

  it('follows a link to a step, opens what it is folded in, and copies the command', async () => {
    const { page } = await opened([WITNESS], {
      hash: '#w1-20',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    expect(await current(page)).toBe('w1-20');
    expect(await page.locator('#w1-20').isVisible()).toBe(true);
    await page.locator('#w1 .copy').click();
    await page.locator('#w1 .copy', { hasText: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `ebtorture replay ${exploredNone.violations[0]?.witness?.schedule ?? ''}`,
    );
  });

  it('sorts a table by what its column is, up and down', async () => {
    const { page } = await opened(RESULTS);
    const table = page.locator('table.sortable').first();
    const violations = (): Promise<number[]> =>
      table
        .locator('tbody tr')
        .evaluateAll((rows) =>
          rows.map((row) =>
            Number(
              (row as unknown as { children: { dataset: { value: string } }[] }).children[3]?.dataset.value,
            ),
          ),
        );
    const head = table.locator('thead th').nth(3);
    await head.locator('button').click();
    const up = await violations();
    expect(up).toEqual(up.toSorted((one, other) => one - other));
    expect(new Set(up).size).toBeGreaterThan(1);
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    await head.locator('button').click();
    expect(await violations()).toEqual(up.toReversed());
  });

  it('has all of it in the open without its script, and nothing that then does nothing', async () => {
    const { page } = await opened([WITNESS], { javaScriptEnabled: false });
    expect(await page.locator('#w1 .toolbar').isVisible()).toBe(false);
    expect(await page.locator('button:visible').count()).toBe(0);
    for (const { number } of steps) expect(await page.locator(`#w1-${number}`).count()).toBe(1);
    expect(await page.locator('#w1 .run').nth(1).isVisible()).toBe(true);
  });

  it('runs nothing that a result brings', async () => {
    const nasty = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202E\uE000';
    const [none, ...rest] = asDeclared.arms;
    const hostile = JSON.parse(
      JSON.stringify({ ...exploredNone, strategy: nasty, scenario: nasty }).replace(
        '"outcomes"',
        '"__proto__": {"evil": 1}, "outcomes"',
      ),
    ) as typeof exploredNone;
    const { page, noise } = await opened(
      [hostile, { ...asDeclared, arms: [{ ...none, strategy: nasty }, ...rest] }].map((document) =>
        renderedUnchecked(document),
      ),
    );
    await page.locator('#w1 .next').click();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get({}, 'evil') as unknown)).toBeUndefined();
    expect(noise).toEqual([]);
  });
});
