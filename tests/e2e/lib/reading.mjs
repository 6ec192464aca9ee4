// Runs inside the page: text that a person cannot read or reach, as when the letters are twice as large.
export function unreadable() {
  const found = [];
  const root = document.documentElement;
  const words = (element) => element.textContent.replace(/\s+/g, ' ').trim().slice(0, 40);
  const name = (element) => {
    const parts = [];
    for (let at = element; at && at !== document.body && parts.length < 4; at = at.parentElement) {
      const kind = [...at.classList].filter((one) => !/^(svelte|s-)/.test(one)).slice(0, 2);
      parts.unshift(at.tagName.toLowerCase() + kind.map((one) => `.${one}`).join(''));
    }
    return parts.join(' > ');
  };
  const tell = (what, element) => found.push({ what, where: name(element), words: words(element) });
  const style = (element) => getComputedStyle(element);
  const scrolls = (value) => value === 'auto' || value === 'scroll';
  const cuts = (value) => value === 'hidden' || value === 'clip';

  if (root.scrollWidth > innerWidth + 1) {
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1
      || e.getBoundingClientRect().left < -1).pop();
    tell(`the page is ${root.scrollWidth - innerWidth} px wider than the screen`, wide ?? document.body);
  }

  const sheet = [...document.querySelectorAll('dialog[open]')].pop();
  const bars = [];
  const texts = [];
  for (const element of (sheet ?? document.body).querySelectorAll('*')) {
    const own = style(element);
    if (own.display === 'none' || own.visibility === 'hidden') continue;
    if (own.position === 'fixed' || own.position === 'sticky') bars.push(element);
    if (element.closest('.sr, svg, script, style, option')) continue;
    const text = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    if (text.length && element.getClientRects().length) texts.push([element, text]);
  }

  for (const [element, nodes] of texts) {
    const range = document.createRange();
    const rects = nodes.flatMap((node) => {
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    }).filter((rect) => rect.width > 0);
    for (const rect of rects) {
      const why = hidden(element, rect);
      if (!why) continue;
      tell(why, element);
      break;
    }
  }

  const under = new Map();
  for (const element of new Set([...texts.map(([one]) => one), ...document.querySelectorAll('button, input, select, textarea, a')])) {
    if (sheet && !sheet.contains(element)) continue;
    if (!element.getClientRects().length || element.closest('.sr') || bars.some((bar) => bar.contains(element))) continue;
    element.scrollIntoView({ block: 'center', inline: 'center' });
    const at = element.getBoundingClientRect();
    const middle = (at.top + at.bottom) / 2;
    const across = (at.left + at.right) / 2;
    const over = bars.find((bar) => {
      const box = bar.getBoundingClientRect();
      return box.top <= middle && middle <= box.bottom && box.left <= across && across <= box.right
        && bar.contains(document.elementFromPoint(across, middle));
    });
    if (over) under.set(over, [...(under.get(over) ?? []), element]);
  }
  for (const [bar, elements] of under) tell(`${elements.length} cannot be scrolled out from under ${name(bar)}, such as`, elements[0]);
  scrollTo(0, 0);
  return found;

  /** Why a line of text cannot be seen in full. */
  function hidden(element, whole) {
    let sideways = false;
    // A line's box is taller than its letters, in Arabic by much.
    const half = Math.min(whole.height / 2, parseFloat(style(element).fontSize) * 0.5);
    const middle = (whole.top + whole.bottom) / 2;
    const rect = { left: whole.left, right: whole.right, top: middle - half, bottom: middle + half };
    for (let at = element; at && at !== root; at = at.parentElement) {
      const own = style(at);
      const box = at.getBoundingClientRect();
      if (!sideways && cuts(own.overflowX) && (rect.right > box.right + 1.5 || rect.left < box.left - 1.5)) return `cut off by ${name(at)}`;
      if (cuts(own.overflowY) && (rect.bottom > box.bottom + 2 || rect.top < box.top - 2) && !opening(own)) return `cut off below by ${name(at)}`;
      if (scrolls(own.overflowX) && at.scrollWidth > at.clientWidth) sideways = true;
      if (at.matches('button, .btn, .tag, .choice, .row, td, th') && !sideways && own.display !== 'inline'
        && (rect.right > box.right + 2 || rect.left < box.left - 2)) return `runs out of ${name(at)}`;
    }
    if (!sideways && (rect.right > innerWidth + 1 || rect.left < -1)) return 'runs out of the screen';
    return undefined;
  }

  /** The first lines of a text that is read in full elsewhere, cut on purpose. */
  function opening(own) {
    return own.webkitLineClamp && own.webkitLineClamp !== 'none';
  }
}
