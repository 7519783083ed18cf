// The thread in which the embedded database lives: opens its folder, serves one session on a
// socket, says `ready` or why not, and closes when told; a close that fails is said, and ends it
// with 1. Plain JavaScript, because no loader is registered here.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const { folder, socketPath } = workerData;
let stop = () => Promise.resolve();

parentPort.once('message', () => {
  void stop().then(
    () => process.exit(0),
    (error) => {
      parentPort.postMessage(firstLine(error));
      process.exit(1);
    },
  );
});

try {
  const database = await PGlite.create(folder);
  const server = new PGLiteSocketServer({ db: database, path: socketPath });
  await server.start();
  stop = async () => {
    await server.stop();
    await database.close();
  };
  parentPort.postMessage('ready');
} catch (error) {
  parentPort.postMessage(firstLine(error));
}

function firstLine(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0].slice(0, 300);
}
