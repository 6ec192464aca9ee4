// Libraries of the tests live with the interface's own, so that there is one lock file.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../ui/package.json', import.meta.url));

export const { chromium } = require('playwright-core');
export const axeSource = () => require.resolve('axe-core/axe.min.js');
