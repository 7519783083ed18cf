// A process of its own that creates the folder of an embedded database and ends. Plain JavaScript,
// because no loader is registered here. It also ends when the one that asked for it has gone.
import { PGlite } from '@electric-sql/pglite';

// From the first moment nobody else may enter it.
process.umask(0o077);
process.once('disconnect', () => process.exit(1));

try {
  const database = await PGlite.create(process.argv[2]);
  await database.close();
  process.exit(0);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text.split('\n')[0].slice(0, 300)}\n`);
  process.exit(1);
}
