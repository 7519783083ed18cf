// Loaded into an engine with `--import`: kills its own process with SIGKILL exactly where KILL_AT
// says, `K3:entry` for one. It watches the journal's files, the snapshots and the sockets from
// outside, so that the program holds no hook; KILL_LEDGER and KILL_EXCHANGE name the exchange.
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const [point = '', phase = ''] = (process.env.KILL_AT ?? '').split(':');
const PREFIX_BYTES = 18;
const WAIT_MS_MAX = 20_000;
const cell = new Int32Array(new SharedArrayBuffer(4));
const { readFileSync, truncateSync, writeSync } = fs;

function die() {
  writeSync(2, `killed at ${point}:${phase}\n`);
  process.kill(process.pid, 'SIGKILL');
  for (;;) Atomics.wait(cell, 0, 0, 1_000);
}

/** Stands still, as a slow process would, until the world has come so far. */
function standUntil(isSo, what) {
  const endAtMs = Date.now() + WAIT_MS_MAX;
  while (!isSo()) {
    if (Date.now() > endAtMs) {
      writeSync(2, `${point}:${phase} was not reached: ${what}\n`);
      process.exit(97);
    }
    Atomics.wait(cell, 0, 0, 1);
  }
}

/** What trades are doing, as recorded, and the orders of the first trade that came to the phase. */
const states = new Map();
const orders = new Map();

const phaseOf = ({ reduceOnly, tradeId }) => {
  if (!reduceOnly) return 'entry';
  return String(states.get(tradeId)).startsWith('PANIC') ? 'panic' : 'exit';
};

function recordsOf(bytes) {
  const lines = bytes.toString('utf8').split('\n');
  return lines.filter((line) => line[PREFIX_BYTES] === '{').map(recordOf);
}

const recordOf = (line) => JSON.parse(line.slice(PREFIX_BYTES));

function note({ transitions, effects }) {
  for (const { actor, to } of transitions) if (/^t\d+$/.test(actor)) states.set(actor, to);
  for (const { type, order } of effects) {
    if (type !== 'order.place' || phaseOf(order) !== phase) continue;
    const [first = order] = orders.values();
    if (first.tradeId === order.tradeId) orders.set(order.clientOrderId, order);
  }
}

const isIntent = ({ effects }) =>
  effects.some(({ type, order }) => type === 'order.place' && orders.has(order.clientOrderId));

const isFill = ({ input }) =>
  (input.type === 'order.filled' && orders.has(input.fill.clientOrderId)) ||
  (input.type === 'order.answered' && orders.has(input.clientOrderId));

const isInput =
  (...types) =>
  ({ input }) =>
    types.includes(input.type);

const isAnswer = isInput('activity.reported', 'order.answered', 'account.reported');

const BEFORE_WRITE = {
  K1: isIntent,
  K10: isFill,
  K18a: isInput('operator.kill'),
  R1: isInput('run.resumed'),
};
const BEFORE_SYNC = { K2: isIntent, K2lost: isIntent, K2torn: isIntent };
const AFTER_SYNC = {
  K3: isIntent,
  K9: isFill,
  K16: isAnswer,
  K18b: isInput('operator.kill'),
  R2: isInput('run.resumed'),
};

function watchSegment(handle, path) {
  const write = handle.write.bind(handle);
  const datasync = handle.datasync.bind(handle);
  let pending = [];
  let writtenBytes = 0;
  let syncedBytes = 0;
  handle.write = async (bytes, ...where) => {
    const records = recordsOf(bytes);
    for (const record of records) note(record);
    if (records.some(BEFORE_WRITE[point] ?? never)) die();
    if (point === 'Dwrite' && records.some(isIntent)) throw noSpace();
    const written = await write(bytes, ...where);
    writtenBytes += written.bytesWritten;
    pending.push(...records);
    return written;
  };
  handle.datasync = async () => {
    if (point === 'Dsync' && pending.some(isIntent)) throw ioError();
    if (pending.some(BEFORE_SYNC[point] ?? never)) {
      const unsynced = point === 'K2torn' ? Math.floor((writtenBytes - syncedBytes) / 2) : 0;
      if (point !== 'K2') truncateSync(path, syncedBytes + unsynced);
      die();
    }
    const records = pending;
    const bytes = writtenBytes;
    pending = [];
    await datasync();
    syncedBytes = bytes;
    if (records.some(AFTER_SYNC[point] ?? never)) die();
  };
}

const never = () => false;

/** What a disk says that is full, or broken: the process lives and must end itself. */
const noSpace = () =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
const ioError = () => Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });

const isSnapshot = (path) => /snapshot-\d+\.json/.test(String(path));

function watchSnapshot(handle) {
  const writeFile = handle.writeFile.bind(handle);
  handle.writeFile = async (content, ...rest) => {
    if (point !== 'K14') return writeFile(content, ...rest);
    await writeFile(content.slice(0, content.length / 2), ...rest);
    return die();
  };
}

function watchFiles() {
  const { open, rename } = fsp;
  fsp.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    if (/segment-\d+\.journal$/.test(String(path))) watchSegment(handle, String(path));
    else if (isSnapshot(path)) watchSnapshot(handle);
    return handle;
  };
  fsp.rename = async (from, to) => {
    if (point === 'K15a' && isSnapshot(to)) die();
    await rename(from, to);
    if (point === 'K15b' && isSnapshot(to)) die();
  };
}

const ledgerOf = ({ venueId }) =>
  readFileSync(join(process.env.KILL_LEDGER, `${venueId}.account`), 'utf8');

const hasAtVenue = (type) => (order) =>
  ledgerOf(order)
    .split('\n')
    .some((line) => line.includes(`"${type}"`) && line.includes(`"${order.clientOrderId}"`));
const isAccepted = hasAtVenue('order.accepted');
const isEnded = hasAtVenue('order.ended');

/** Bytes that the kernel holds for this socket and nobody has read. */
function unreadBytes({ localPort }) {
  const port = `:${localPort.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const [, local = '', , , queues = ''] = line.trim().split(/\s+/);
    if (local.endsWith(port)) return parseInt(queues.split(':')[1] ?? '0', 16);
  }
  return 0;
}

function stopExchange() {
  const pid = Number(process.env.KILL_EXCHANGE);
  process.kill(pid, 'SIGSTOP');
  standUntil(() => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')), 'exchange stopped');
}

const sent = [];
const PLACE = '{"type":"place","order":';

/** After the bytes of a placement are in the kernel. */
function afterSending(order, socket) {
  sent.push(order);
  if (point === 'K5') die();
  if (point === 'K6' || point === 'K7') standUntil(() => isAccepted(order), 'order accepted');
  if (point === 'K7') standUntil(() => unreadBytes(socket) > 0, 'answer in the buffer');
  if (point === 'K6' || point === 'K7') die();
  if (point === 'K11') {
    standUntil(() => isEnded(order), 'first leg ended');
    die();
  }
  if (sent.length < 2) return;
  if (point === 'K13') standUntil(() => sent.every(isEnded), 'both legs ended');
  if (point === 'K12' || point === 'K13') die();
}

function watchSockets() {
  const { write, emit } = net.Socket.prototype;
  net.Socket.prototype.write = function send(data, ...rest) {
    const isPlace = typeof data === 'string' && data.startsWith(PLACE);
    const order = isPlace ? orders.get(JSON.parse(data).order.clientOrderId) : undefined;
    if (order === undefined) return write.call(this, data, ...rest);
    if (point === 'K4') {
      write.call(this, data.slice(0, data.length / 2));
      die();
    }
    if (point === 'K5') stopExchange();
    const isTaken = write.call(this, data, ...rest);
    afterSending(order, this);
    return isTaken;
  };
  net.Socket.prototype.emit = function tell(event, ...words) {
    const isHeard = emit.call(this, event, ...words);
    if (point === 'K8' && event === 'data' && speaksOfOrder(String(words[0]))) die();
    return isHeard;
  };
}

const speaksOfOrder = (text) =>
  /"order\.(accepted|filled|ended)"/.test(text) &&
  [...orders.keys()].some((id) => text.includes(id));

if (isMainThread && point !== '') {
  watchFiles();
  watchSockets();
  syncBuiltinESMExports();
}
