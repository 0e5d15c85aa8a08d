/**
 * `npm run screenshots`: runs a comparison and a search with the built program, opens the page that `report` makes of them, and takes the
 * pictures that README shows, docs/img/. It needs a browser as the tests of the page do: Debian's `chromium`, or what EBTORTURE_CHROMIUM
 * names. Run it on an idle machine.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { browserPath, startBrowser } from '../test/helpers/browser.ts';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const IMAGES = fileURLToPath(new URL('../docs/img/', import.meta.url));
/** Whoever reads README on the web waits for them. */
const BYTES_MAX = 150_000;
/** High enough for a whole schedule: what sticks to its top stays where it belongs. */
const WINDOW = { width: 1100, height: 1400 };

/** What the page is made of, in the order of its sections. */
const COMMANDS: readonly (readonly string[])[] = [
  ['compare', '--strategies', 'all', '--out', 'compare.json', '--quiet'],
  ['explore', '--strategy', 'none', '--pages', '1', '--out', 'explore.json'],
  ['report', 'compare.json', 'explore.json', '--html', 'page.html'],
];

/** What is shown. */
interface Picture {
  /** Goes there, and returns what is taken from its upper left corner. */
  readonly go: (page: Page) => Promise<Locator>;
  readonly width: number;
  readonly height: number;
}

const PICTURES: Readonly<Record<string, Picture>> = {
  'rates.png': {
    go: async (page) => page.locator('figure:has(svg.plot:visible)').first(),
    width: 900,
    height: 330,
  },
  'witness.png': {
    go: async (page) => {
      const witness = page.locator('#result-2 .witness').first();
      // The step that finds the buffer released.
      await witness.locator('.steps').first().focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      return witness;
    },
    width: 1090,
    height: 800,
  },
};

/** @throws {Error} If there is no browser, a command fails or a picture is too large. */
async function takeAll(): Promise<void> {
  const path = browserPath();
  if (path === undefined) throw new Error('no browser, so no pictures');
  const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-screenshots-'));
  try {
    for (const words of COMMANDS) {
      process.stderr.write(`ebtorture ${words.join(' ')}\n`);
      const { status, error } = spawnSync(process.execPath, [MAIN, ...words], { cwd, stdio: 'ignore' });
      if (error !== undefined) throw error;
      if (status === null || status > 2) throw new Error(`it ended with ${status}`);
    }
    mkdirSync(IMAGES, { recursive: true });
    const browser = await startBrowser(path);
    try {
      const page = await browser.newPage({ viewport: WINDOW, colorScheme: 'light' });
      await page.goto(pathToFileURL(join(cwd, 'page.html')).href);
      for (const [name, { go, width, height }] of Object.entries(PICTURES)) {
        const shown = await go(page);
        await shown.evaluate((element) => element.scrollIntoView());
        const box = await shown.boundingBox();
        if (box === null) throw new Error(`${name}: the page does not show it`);
        const file = join(IMAGES, name);
        await page.screenshot({ path: file, clip: { x: Math.max(0, box.x - 10), y: box.y, width, height } });
        const { size } = statSync(file);
        if (size > BYTES_MAX) throw new Error(`${name} has ${size} bytes, and ${BYTES_MAX} are the most`);
        process.stderr.write(`docs/img/${name}: ${size} bytes\n`);
      }
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

await takeAll();
