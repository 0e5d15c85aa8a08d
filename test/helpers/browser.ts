/** A browser without a window, where the system has one: Debian's `chromium`, or what EBTORTURE_CHROMIUM names. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where it is; undefined without one, which is said once. */
export function browserPath(): string | undefined {
  const named = process.env['EBTORTURE_CHROMIUM'];
  const found = [...(named === undefined ? [] : [named]), ...PLACES].find((path) => existsSync(path));
  if (found === undefined) {
    process.stderr.write(
      'no chromium here, so the page of a report is not opened: apt-get install chromium, or name one in EBTORTURE_CHROMIUM\n',
    );
  }
  return found;
}

/** Starts it. Sandboxes need more than a container gives. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}
