// A person with a keyboard and nothing else. Every stop of the focus is looked at: it must be in sight, under no bar,
// marked as focused, and it must let go again.

/** Runs inside the page: what has the focus, and what is wrong with how it shows. */
function focused() {
  const clean = (text) => (text ?? '').replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, ' ').trim();
  const at = document.activeElement;
  if (!at || at === document.body) return { nothing: true };
  window.stops ??= new Map();
  if (!window.stops.has(at)) window.stops.set(at, window.stops.size);
  const label = at.closest('label') ?? at.labels?.[0];
  const drawn = at.matches('.sr') && label ? label : at;
  const by = at.getAttribute('aria-labelledby');
  const name = clean(at.getAttribute('aria-label') ?? (by ? by.split(' ').map((id) => document.getElementById(id)?.textContent).join(' ') : (label ?? at).textContent));
  const box = drawn.getBoundingClientRect();
  const wrong = [];
  const top = Math.max(box.top, 0);
  const bottom = Math.min(box.bottom, innerHeight);
  if (box.width === 0 || bottom - top < Math.min(box.height, 12) || box.right < 4 || box.left > innerWidth - 4) wrong.push('it is out of sight');
  else {
    const points = [[0.5, 0.5], [0.5, 0.1], [0.5, 0.9], [0.05, 0.5], [0.95, 0.5]]
      .map(([x, y]) => [box.left + box.width * x, top + (bottom - top) * y]);
    const hits = points.map(([x, y]) => document.elementFromPoint(x, y)).filter((hit) => hit && (drawn.contains(hit) || hit.contains(drawn)));
    if (hits.length === 0) wrong.push('something lies over it');
  }
  const mark = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  if (!mark(at) && !mark(drawn)) wrong.push('nothing marks it');
  return { id: window.stops.get(at), tag: at.tagName.toLowerCase(), name: name.slice(0, 80), value: at.value, wrong, path: at.closest('[data-path]')?.dataset.path ?? null };
}

export class Keys {
  constructor(page) {
    this.page = page;
    this.stops = 0;
    this.faults = new Set();
  }

  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** Goes on (or back) until the focus is on what a selector names; `name` narrows it down by its words. */
  async to(selector, { name, back = false, most = 150 } = {}) {
    const pattern = name && new RegExp(name.source ?? name, 'u');
    const isThere = async () => {
      const matches = await this.page.evaluate((css) => document.activeElement?.matches(css) ?? false, selector);
      if (!matches) return false;
      return !pattern || pattern.test((await this.page.evaluate(focused)).name);
    };
    let before;
    for (let presses = 0; presses < most; presses += 1) {
      if (await isThere()) return;
      await this.press(back ? 'Shift+Tab' : 'Tab');
      const now = await this.page.evaluate(focused);
      if (now.nothing) continue;
      this.stops += 1;
      for (const fault of now.wrong) this.faults.add(`${await this.where()}: ${now.tag} “${now.name}”: ${fault}`);
      if (before === now.id) throw new Error(`the keyboard is caught at ${now.tag} “${now.name}”`);
      before = now.id;
    }
    throw new Error(`the keyboard does not come to ${selector} ${name ?? ''}`);
  }

  /** Goes there and presses. */
  async act(selector, { key = 'Enter', ...rest } = {}) {
    await this.to(selector, rest);
    await this.press(key);
  }

  async type(selector, text, rest = {}) {
    await this.to(selector, rest);
    await this.press('Control+a');
    await this.page.keyboard.type(text);
  }

  async where() {
    return this.page.evaluate(() => {
      const at = [...document.querySelectorAll('[data-screen]')].pop();
      const sheet = document.querySelector('dialog[open] h2')?.textContent ?? '';
      return [at?.dataset.screen, at?.dataset.stage, sheet].filter(Boolean).join(' ');
    });
  }
}
