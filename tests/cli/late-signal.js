// Loaded into an engine with `--import`: sends its own process a SIGINT when the run has ended, at
// the moment that SIGNAL_AT names: `summary`, when the result is logged, or `lock`, when the data
// folder is let go of as the very last thing. The program holds no hook for it.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** Longer than two signals may be apart and still be one press. */
const APART_MS = 150;
const { writeSync, rmSync } = fs;
const cell = new Int32Array(new SharedArrayBuffer(4));

function interrupt() {
  Atomics.wait(cell, 0, 0, APART_MS);
  writeSync(2, `late signal at ${process.env.SIGNAL_AT}\n`);
  process.kill(process.pid, 'SIGINT');
}

if (isMainThread && process.env.SIGNAL_AT === 'summary') {
  fs.writeSync = (file, data, ...rest) => {
    const written = writeSync(file, data, ...rest);
    if (String(data).includes('"event":"run.ended"')) interrupt();
    return written;
  };
}
if (isMainThread && process.env.SIGNAL_AT === 'lock') {
  fs.rmSync = (path, ...rest) => {
    if (basename(String(path)) === 'engine.lock') interrupt();
    rmSync(path, ...rest);
  };
}
syncBuiltinESMExports();
