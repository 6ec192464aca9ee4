// Runs inside the page: finds what a person would, by role and accessible name, or a question by its path.
export function finder(wanted) {
  const ROLES = {
    button: 'button, [role="button"], input[type="submit"]',
    radio: 'input[type="radio"], [role="radio"]',
    checkbox: 'input[type="checkbox"], [role="checkbox"], [role="switch"]',
    choice: 'input[type="radio"], input[type="checkbox"]',
    field: 'input:not([type="radio"]):not([type="checkbox"]):not([type="file"]), textarea',
    file: 'input[type="file"]',
    heading: 'h1, h2, h3, [role="heading"]',
    tab: '[role="tab"], [role="radio"], button',
    sheet: 'dialog[open], [role="dialog"]',
    any: '*',
  };
  const clean = (text) => (text ?? '').replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, ' ').trim();
  const nameOf = (element) => {
    const by = element.getAttribute('aria-labelledby');
    if (by) return clean(by.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
    const own = element.getAttribute('aria-label');
    if (own) return clean(own);
    if (element.labels?.length) return clean([...element.labels].map((label) => label.textContent).join(' '));
    return clean(element.textContent);
  };
  const shown = (element) => {
    const box = element.closest('label') ?? element;
    return wanted.role === 'file' || box.getClientRects().length > 0;
  };
  let scope = document;
  if (wanted.screen) scope = document.querySelector(`[data-screen="${wanted.screen}"]`);
  if (scope && wanted.path) scope = scope.querySelector(`[data-path$="/${wanted.path}"]`);
  if (!scope) return null;
  if (wanted.css) return [...scope.querySelectorAll(wanted.css)].filter(shown)[wanted.nth ?? 0] ?? null;
  if (!wanted.role) return scope === document ? document.body : scope;
  const pattern = wanted.pattern ? new RegExp(wanted.pattern, 'u') : null;
  const fits = (element) => {
    if (wanted.checked && !element.checked) return false;
    if (wanted.value !== undefined) return element.value === wanted.value;
    if (wanted.name === undefined && !pattern) return true;
    const name = nameOf(element);
    return pattern ? pattern.test(name) : name === wanted.name;
  };
  // Where a sheet is open, only the sheet can be reached.
  const sheets = [...document.querySelectorAll('dialog[open], [role="dialog"]')];
  const sheet = sheets.filter((one) => one.getClientRects().length > 0).pop();
  const within = sheet && !wanted.path && wanted.role !== 'sheet' ? sheet : scope;
  const found = [...within.querySelectorAll(ROLES[wanted.role])].filter((e) => shown(e) && fits(e));
  const element = found[wanted.nth ?? 0];
  if (!element) return null;
  // A choice is drawn by its label; the input itself is only for assistive technology.
  return ['radio', 'checkbox', 'choice'].includes(wanted.role) ? (element.closest('label') ?? element) : element;
}

/** What a wish looks like in a message. */
export const describe = (wanted) => JSON.stringify(wanted);
