// What a person does with a screen, whichever program draws it. A driver gives: find, click, fill, press, text, run.
import { describe, finder } from './finder.mjs';
import { pause } from './machine.mjs';

const PATIENCE_MS = 20_000;

export class Screen {
  constructor(driver) {
    this.driver = driver;
  }

  /** Waits until something is there. */
  async find(wanted, patience = PATIENCE_MS) {
    const until = Date.now() + patience;
    for (;;) {
      const element = await this.driver.find(finder, wanted);
      if (element) return element;
      if (Date.now() > until) {
        const words = await this.words().catch(() => '(nothing can be read)');
        throw new Error(`not on screen: ${describe(wanted)}\n--- on screen:\n${words}`);
      }
      await pause(60);
    }
  }

  /** Finds and acts; what the screen replaced in between is found again. */
  async act(wanted, act) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await act(await this.find(wanted));
      } catch (problem) {
        if (tries === 5 || !/not attached|stale element|not stable|not interactable|intercepted|unknown error/.test(String(problem))) throw problem;
        await pause(60);
      }
    }
  }

  async has(wanted) {
    return (await this.driver.find(finder, wanted)) !== null;
  }

  async tap(name, more = {}) {
    const wanted = { role: 'button', ...(name instanceof RegExp ? { pattern: name.source } : { name }), ...more };
    await this.act(wanted, (element) => this.driver.click(element));
  }

  /** Closes the sheet that lies over the screen, and sees that it is gone. */
  async close() {
    for (let tries = 0; await this.has({ role: 'sheet' }); tries += 1) {
      if (tries === 10) throw new Error('the sheet stays');
      await this.tap('Close');
      await pause(150);
    }
  }

  /** Chooses a box or a round choice by its name, and sees that it is chosen. */
  async tick(name, role = 'checkbox') {
    const wanted = { role, ...(name instanceof RegExp ? { pattern: name.source } : { name }) };
    for (let tries = 0; !(await this.has({ ...wanted, checked: true })); tries += 1) {
      if (tries === 10) throw new Error(`it cannot be chosen: ${describe(wanted)}`);
      await this.act(wanted, (element) => this.driver.click(element));
      await pause(120);
    }
  }

  async type(name, text, more = {}) {
    const wanted = { role: 'field', ...(name instanceof RegExp ? { pattern: name.source } : { name }), ...more };
    await this.act(wanted, (element) => this.driver.fill(element, text));
  }

  /** Chooses one of the choices of a question. */
  async choose(path, value) {
    await this.act({ path, role: 'choice', value }, (element) => this.driver.click(element));
  }

  /** Writes into the field of a question. */
  async write(path, text) {
    await this.act({ path, role: 'field' }, (element) => this.driver.fill(element, text));
  }

  async pick(wanted, file) {
    await this.driver.upload(await this.find({ role: 'file', ...wanted }), file);
  }

  /** Waits for a screen by name. */
  async at(screen, patience) {
    return this.find({ css: `[data-screen="${screen}"]` }, patience);
  }

  async sees(text, patience = PATIENCE_MS) {
    const until = Date.now() + patience;
    for (;;) {
      const words = await this.words();
      if (text instanceof RegExp ? text.test(words) : words.includes(text)) return words;
      if (Date.now() > until) throw new Error(`nobody reads ${text}\n--- on screen:\n${words}`);
      await pause(60);
    }
  }

  /** Everything that can be read, without marks of direction. */
  async words() {
    const text = await this.driver.run('return document.body.innerText');
    return text.replace(/[\u2066-\u2069\u200e\u200f]/g, '');
  }

  /** An attribute of the form's root. */
  async form(attribute) {
    return this.driver.run(
      `return document.querySelector('[data-record]')?.getAttribute('data-${attribute}') ?? null`,
    );
  }

  /** Waits until every answer is on disk. */
  async saved() {
    const until = Date.now() + PATIENCE_MS;
    while ((await this.form('pending')) !== '0') {
      if (Date.now() > until) throw new Error('the form does not say that all is saved');
      await pause(25);
    }
  }

  /** The answers on the part in sight: path → stored value. */
  async answers() {
    return this.driver.run(
      `return Object.fromEntries([...document.querySelectorAll('[data-path][data-value]')]
        .map((e) => [e.getAttribute('data-path'), e.getAttribute('data-value')]))`,
    );
  }
}
