// Bringing a page to a stop of the tour.

/** The address of a stop with its looks filled in. */
export const address = (stop, theme, language) => stop.url.replace('LOOK', `theme=${theme}&lang=${language}`);

/** Loads the stop and takes its steps. */
export async function arrive(page, stop, language, theme = 'day') {
  if (typeof stop.before === 'function') await stop.before();
  await page.goto('about:blank');
  await page.goto(address(stop, theme, language));
  await settled(page);
  const steps = stop.tap ? [['click', stop.tap]] : (stop.steps ?? []);
  for (const [what, where, value] of steps) {
    const place = page.locator(where).first();
    if (what === 'click') await place.click({ timeout: 15_000 });
    else if (what === 'fill') await place.fill(value, { timeout: 15_000 });
    else if (what === 'upload') await place.setInputFiles(value, { timeout: 15_000 });
    else await place.waitFor({ timeout: 15_000 });
    await settled(page);
  }
}

/** Fonts are there, nothing is loading. */
export async function settled(page) {
  await page.waitForSelector('[data-screen]', { timeout: 15_000 });
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
}

/** Stops of one device one after another, devices side by side: a desk has one open form. */
export async function byDevice(stops, workers, work) {
  const groups = Object.values(Object.groupBy?.(stops, (stop) => new URL(stop.url).origin) ?? grouped(stops));
  groups.sort((a, b) => b.length - a.length);
  const turn = async () => {
    for (let group = groups.shift(); group; group = groups.shift()) for (const stop of group) await work(stop);
  };
  await Promise.all(Array.from({ length: workers }, turn));
}

function grouped(stops) {
  const groups = {};
  for (const stop of stops) (groups[new URL(stop.url).origin] ??= []).push(stop);
  return groups;
}
