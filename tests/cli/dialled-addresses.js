// Loaded into the engine and its sandbox with `--import`: writes every network address that a socket
// connects to into the file TEST_DIALLED_FILE, one JSON line each. Sockets in the file system, which reach
// nobody else's machine, are left out. It changes nothing else.
import { appendFileSync } from 'node:fs';
import net from 'node:net';

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function dial(...words) {
  const [first] = Array.isArray(words[0]) ? words[0] : words;
  const target = typeof first === 'object' ? first : { port: first, host: words[1] };
  if (target.path === undefined) {
    const line = { pid: process.pid, host: target.host ?? 'localhost', port: Number(target.port) };
    appendFileSync(process.env.TEST_DIALLED_FILE, `${JSON.stringify(line)}\n`);
  }
  return connect.apply(this, words);
};
