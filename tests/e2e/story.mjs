// The story by hand, from an invitation to the CSV file: `node story.mjs browser|window`.
import { launch, openInChromium } from './lib/chromium.mjs';
import { Machine } from './lib/machine.mjs';
import { fromVillageToHeadquarters, handOverTwoWays, twoAnswers } from './lib/story.mjs';
import { display, openInWindow } from './lib/window.mjs';

const [where = 'browser'] = process.argv.slice(2);
const machine = new Machine('baraza-story');
const complaints = [];
const open = where === 'window' ? await inWindow() : await inBrowser();
let told = 0;
try {
  const tell = (sentence) => {
    told += 1;
    console.log(`  · ${sentence}`);
  };
  await handOverTwoWays(machine, await fromVillageToHeadquarters(machine, open.on, tell), tell);
  await twoAnswers(machine, open.on, tell);
} finally {
  await open.close();
  machine.close();
}
const heard = complaints.flatMap((list) => list);
for (const complaint of heard) console.log(`the page complained: ${complaint}`);
console.log(`the story in the ${where}, ${told} scenes`);
process.exit(heard.length === 0 ? 0 : 1);

async function inBrowser() {
  const browser = await launch();
  const on = async (folder, options) => {
    const app = await openInChromium(machine, browser, folder, options);
    complaints.push(app.complaints);
    return app;
  };
  return { on, close: () => browser.close() };
}

async function inWindow() {
  const screenNumber = await display(machine);
  return { on: (folder, options) => openInWindow(machine, screenNumber, folder, options), close: () => {} };
}
