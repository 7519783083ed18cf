// Nobody but the user of the engine reaches the files of the embedded database, which are open to
// everybody by their own rights: the folder around them is not.
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/storage/index.ts';
import { newFolder } from '../cli/started-program.ts';
import { SLOW_MS } from './typed-db.ts';

test(
  'its folder is entered by its owner alone, also one made before',
  { timeout: SLOW_MS },
  async () => {
    const dataPath = newFolder();
    const rights = () => statSync(join(dataPath, 'postgres')).mode & 0o777;
    const open = () => openDatabase({ databaseUrl: undefined, dataPath });
    await (await open()).close();
    expect(rights().toString(8)).toBe('700');
    chmodSync(join(dataPath, 'postgres'), 0o755);
    await (await open()).close();
    expect(rights().toString(8)).toBe('700');
  },
);
