// Another engine, as the record of the lease names it.
import type { LeaseHolder } from '../../src/domain/index.ts';
import { LEASE_PROTOCOL } from '../../src/domain/index.ts';

export const HOLDER: LeaseHolder = {
  ...{ fence: 2, host: 'two', pid: 7, dataFolder: '/two' },
  ...{ protocol: LEASE_PROTOCOL, engineVersion: '0.9.0', configHash: 'abcdef0123456789' },
};
