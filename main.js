// `node main …`: the door. Checks the Node version, installs the packages once if they are missing
// or older than package-lock.json, registers the TypeScript loader and hands over to src/main.ts.
// It knows no verbs and no flags, and never writes to stdout.
import { isNodeSupported, nodeVersionMessage } from './scripts/node-version.js';

if (isNodeSupported(process.versions.node)) {
  await start();
} else {
  process.stderr.write(`${nodeVersionMessage(process.versions.node)}\n`);
  process.exitCode = 2;
}

// Everything else is imported late: none of it may fail to load before the version is checked.
async function start() {
  const { ensureInstalled } = await import('./scripts/packages.js');
  if (!(await ensureInstalled())) {
    process.exitCode = 1;
    return;
  }
  const { registerTypeScript } = await import('./scripts/loader.js');
  registerTypeScript();
  await import('./src/main.ts');
}
