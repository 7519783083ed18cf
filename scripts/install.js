// `node scripts/install.js`: what `npm test` runs first, and the way to install without starting.
import { ensureInstalled } from './packages.js';

if (!(await ensureInstalled())) process.exitCode = 1;
