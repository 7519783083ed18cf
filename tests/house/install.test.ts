// The first start: when packages are installed, who installs, and what is said when it fails.
// Nothing is downloaded here; a real install is in first-start.slow.test.ts.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withInstallLock } from '../../scripts/install-lock.js';
import { isNodeSupported, nodeVersionMessage } from '../../scripts/node-version.js';
import { installReason, wayOut } from '../../scripts/packages.js';

const LOCK = {
  packages: {
    '': { name: 'trinity' },
    'node_modules/xstate': { version: '5.33.3', integrity: 'sha512-a' },
    'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-b', optional: true },
  },
};

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trinity-install-'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
});
afterEach(() => rmSync(root, { recursive: true }));

const marker = () => join(root, 'node_modules', '.trinity-lock');

function installed(packages: Record<string, unknown>): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
}

describe('an install is needed', () => {
  test('when node_modules is missing', () => {
    expect(installReason(root)).toBe('node_modules is missing');
  });

  test('when an install was interrupted, which leaves no hidden lock file', () => {
    mkdirSync(join(root, 'node_modules'));
    expect(installReason(root)).toContain('does not match');
  });

  test('when a package has another version than the lock file wants', () => {
    installed({ 'node_modules/xstate': { version: '5.33.2', integrity: 'sha512-a' } });
    expect(installReason(root)).toContain('does not match');
    expect(existsSync(marker())).toBe(false);
  });

  test('when the lock file changed after the marker was written', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(marker(), 'another hash\n');
    expect(installReason(root)).toContain('does not match');
  });
});

describe('no install is needed', () => {
  test('when the marker holds the hash of the lock file', () => {
    mkdirSync(join(root, 'node_modules'));
    const hash = createHash('sha256').update(JSON.stringify(LOCK)).digest('hex');
    writeFileSync(marker(), `${hash}\n`);
    expect(installReason(root)).toBeUndefined();
  });

  test('when npm was run by hand; the marker is then written', () => {
    installed({ 'node_modules/xstate': { version: '5.33.3', integrity: 'sha512-a' } });
    expect(installReason(root)).toBeUndefined();
    expect(readFileSync(marker(), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });
});

describe('the install lock', () => {
  const quiet = () => undefined;
  const lockPath = () => join(root, 'logs', 'install.lock');

  test('lets two starts in one after the other', async () => {
    const seen: string[] = [];
    const start = (name: string) =>
      withInstallLock({ root, say: quiet }, async () => {
        seen.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        seen.push(`${name} out`);
      });
    await Promise.all([start('first'), start('second')]);
    expect(seen).toEqual(['first in', 'first out', 'second in', 'second out']);
    expect(existsSync(lockPath())).toBe(false);
  });

  test('takes over from a holder that died', async () => {
    mkdirSync(join(root, 'logs'));
    writeFileSync(lockPath(), '999999999');
    expect(await withInstallLock({ root, say: quiet }, () => Promise.resolve('done'))).toBe('done');
  });

  test('gives up on a living holder after the limit and names it and the file', async () => {
    mkdirSync(join(root, 'logs'));
    writeFileSync(lockPath(), String(process.pid));
    const said: string[] = [];
    const lock = { root, say: (line: string) => said.push(line), waitMsMax: 100 };
    await expect(withInstallLock(lock, () => Promise.resolve())).rejects.toThrow(
      `process ${process.pid}; delete ${lockPath()}`,
    );
    expect(said).toEqual([
      `trinity: process ${process.pid} is installing packages, waiting for it`,
    ]);
  });

  test('is given back when the task fails', async () => {
    const failing = withInstallLock({ root, say: quiet }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(lockPath())).toBe(false);
  });
});

test.each([
  ['npm error code ENOTFOUND', 'registry did not answer'],
  ['npm error code ENOSPC', 'disk is full'],
  ['npm error code EACCES', 'must be writable'],
  ['npm error code EBADENGINE', 'too old'],
  ['spawn npm ENOENT', 'npm was not found'],
  ['npm error something else', 'Run `npm ci`'],
])('a failure with "%s" names the way out', (output, advice) => {
  expect(wayOut(output)).toContain(advice);
});

test.each([
  ['18.20.4', false],
  ['20.18.3', false],
  ['20.19.0', true],
  ['20.20.2', true],
  ['22.0.0', true],
])('node %s is supported: %s', (version, isSupported) => {
  expect(isNodeSupported(version)).toBe(isSupported);
});

test('an old node is told what is needed and what it is', () => {
  expect(nodeVersionMessage('18.20.4')).toContain(
    'needs Node 20.19 or newer, this is Node 18.20.4',
  );
});
