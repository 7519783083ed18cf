// Loaded into the engine's process by a test: once a trade is open the wall clock jumps an hour
// ahead, then an hour behind, then the event loop is blocked for two seconds.
import { isMainThread } from 'node:worker_threads';

const HOUR_MS = 3_600_000;
const BLOCKED_MS = 2_000;
const realNow = Date.now.bind(Date);
const write = process.stderr.write.bind(process.stderr);
let hasBegun = false;

const jump = (byMs) => () => {
  Date.now = () => realNow() + byMs;
};

const block = () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS);
  write(`odd: clock +${HOUR_MS}, clock -${HOUR_MS}, blocked ${BLOCKED_MS}\n`);
};

if (isMainThread && process.argv.includes('--exit-after')) {
  process.stderr.write = (text, ...rest) => {
    if (!hasBegun && String(text).includes('→ OPEN\n')) {
      hasBegun = true;
      setTimeout(jump(HOUR_MS), 300).unref();
      setTimeout(jump(-HOUR_MS), 1_300).unref();
      setTimeout(block, 2_300).unref();
    }
    return write(text, ...rest);
  };
}
