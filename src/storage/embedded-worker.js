// The thread in which the embedded database lives: opens its folder, serves one session on a
// socket, says `ready` or why not, and closes when told. Plain JavaScript, because no loader is
// registered here.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const { folder, socketPath } = workerData;
let stop = () => Promise.resolve();

parentPort.once('message', () => {
  void stop()
    .catch(() => undefined)
    .then(() => process.exit(0));
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
  const text = error instanceof Error ? error.message : String(error);
  parentPort.postMessage(text.split('\n')[0].slice(0, 300));
}
