// How a session with a database ends when more than one thing goes wrong: the first is told.
import { expect, test } from 'vitest';
import { Database } from '../../src/storage/database.ts';

test('a connection that fails is told, not what failed when the rest was closed', async () => {
  const closed: string[] = [];
  const afterClose = (): Promise<void> => {
    closed.push('the rest');
    return Promise.reject(new Error('did not close in order'));
  };
  // Port 1 is nobody's.
  const nobody = { host: '127.0.0.1', port: 1, user: 'x', database: 'x' };
  await expect(Database.connect(nobody, 'the test', { afterClose })).rejects.toMatchObject({
    code: 'storage.unreachable',
    message: expect.stringMatching(/^database the test cannot be used: .*ECONNREFUSED/),
  });
  expect(closed).toEqual(['the rest']);
});
