import { chromium, type Browser } from 'playwright-core';

/** Chromium looks up hosts of its maker and calls them in the background; tests talk to nobody but the product. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium without a window; ends with the caller's `close`, at the latest with this process. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: quiet });
