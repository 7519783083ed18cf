// Installs the packages when node_modules is missing or does not match package-lock.json, once even
// when two programs start together. Runs before anything is installed, so it uses Node alone. It
// says what it does on stderr, never on stdout, and never touches a folder that already matches.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withInstallLock } from './install-lock.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PROGRESS_EVERY_MS = 10_000;
const OUTPUT_CHARACTERS_MAX = 64_000;
const MARKER = join('node_modules', '.trinity-lock');

/** True once the packages are there; false after a failure, which has been explained on stderr. */
export async function ensureInstalled(root = ROOT) {
  if (installReason(root) === undefined) return true;
  try {
    return await withInstallLock({ root, say }, async () => {
      const reason = installReason(root);
      return reason === undefined || (await install(root, reason));
    });
  } catch (error) {
    say(`trinity: install failed: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/** Why an install is needed, or undefined when node_modules matches the lock file. */
export function installReason(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'node_modules is missing';
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (readIfThere(join(root, MARKER))?.trim() === sha256(lock)) return undefined;
  if (!matchesInstalled(lock, readIfThere(join(root, 'node_modules', '.package-lock.json')))) {
    return 'node_modules does not match package-lock.json';
  }
  remember(root, lock);
  return undefined;
}

// npm writes its hidden lock file last, so it is evidence of a complete install, whoever ran it.
function matchesInstalled(lock, hiddenLock) {
  if (hiddenLock === undefined) return false;
  const installed = JSON.parse(hiddenLock).packages;
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    const found = installed[path];
    if (path === '') return true;
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function remember(root, lock) {
  try {
    writeFileSync(join(root, MARKER), `${sha256(lock)}\n`);
  } catch {
    // A read-only node_modules is compared again at the next start, which costs a few milliseconds.
  }
}

async function install(root, reason) {
  const startedAtMs = Date.now();
  say(`trinity: ${reason}; installing packages once, about half a minute`);
  const progress = setInterval(() => {
    say(`trinity: still installing, ${seconds(startedAtMs)} s`);
  }, PROGRESS_EVERY_MS);
  const result = await runNpm(root).finally(() => clearInterval(progress));
  if (result.code !== 0) {
    say(result.output.trim());
    say(`trinity: install failed after ${seconds(startedAtMs)} s. ${wayOut(result.output)}`);
    return false;
  }
  remember(root, readFileSync(join(root, 'package-lock.json'), 'utf8'));
  say(`trinity: installed in ${seconds(startedAtMs)} s`);
  return true;
}

function runNpm(root) {
  const [command, prefix] = npmCommand();
  // NODE_ENV=production must not leave out what `npm test` needs.
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, [...prefix, ...options, '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    const keep = (text) => (output = (output + text).slice(-OUTPUT_CHARACTERS_MAX));
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.on('close', (code, signal) => {
      resolve({
        code: code ?? 1,
        output: signal === null ? output : `${output}\nended by ${signal}`,
      });
    });
  });
}

/** The npm that runs us, when it is npm, else the one in the path. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running?.endsWith('npm-cli.js')) return [process.execPath, [running]];
  return ['npm', []];
}

export function wayOut(output) {
  if (/spawn npm ENOENT/.test(output)) {
    return 'npm was not found: it comes with Node, see https://nodejs.org.';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH/.test(output)) {
    return 'The package registry did not answer: check the network and `npm config get registry`.';
  }
  if (/ENOSPC/.test(output)) return 'The disk is full: free about 600 MB and start again.';
  if (/EACCES|EPERM|EROFS/.test(output)) return 'The project folder must be writable by this user.';
  if (/EBADENGINE/.test(output)) return 'This Node is too old for a package: install a newer one.';
  return 'Run `npm ci` in the project folder to see it again; then start the same command.';
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const seconds = (sinceMs) => ((Date.now() - sinceMs) / 1000).toFixed(1);
const say = (line) => process.stderr.write(`${line}\n`);
