// The interface in Chromium, over the bridge.
import { BARAZA, UI } from './machine.mjs';
import { chromium } from './need.mjs';
import { Screen } from './screen.mjs';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

/** Serves a device's folder; gives the address with its token, and the process. */
export async function bridge(machine, folder, { cards = [], now } = {}) {
  const args = ['bridge', folder, '--ui', UI, ...cards.flatMap((card) => ['--card', card])];
  if (now) args.push('--now', now);
  const { child, said } = await machine.start(BARAZA, args);
  return { child, url: said };
}

/** Opens the app on a folder as a person sees it. */
export async function openInChromium(machine, browser, folder, options = {}) {
  const served = await bridge(machine, folder, options);
  const context = await browser.newContext({
    viewport: options.size ?? { width: 834, height: 1112 },
    hasTouch: true,
    locale: 'en-GB',
    timezoneId: 'Africa/Nairobi',
    reducedMotion: 'reduce',
    ...options.context,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 422/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(options.query ? served.url.replace('/#', `/?${options.query}#`) : served.url);
  const screen = new Screen(driver(page));
  return {
    screen,
    page,
    complaints,
    child: served.child,
    /** As when the battery dies: the core ends at once. */
    async kill() {
      machine.kill(served.child);
      await context.close();
    },
    async close() {
      await context.close();
      served.child.kill('SIGTERM');
    },
  };
}

function driver(page) {
  return {
    find: async (finder, wanted) => (await page.evaluateHandle(finder, wanted)).asElement(),
    click: async (element) => {
      await element.scrollIntoViewIfNeeded();
      await element.click({ timeout: 10_000 });
    },
    fill: (element, text) => element.fill(text),
    upload: (element, file) => element.setInputFiles(file),
    press: (key) => page.keyboard.press(key),
    run: (script) => page.evaluate(`(() => { ${script} })()`),
    shot: (path) => page.screenshot({ path }),
  };
}
