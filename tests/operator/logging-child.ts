// A process that logs as fast as it can until it is killed; says each count on stdout, a file,
// after its line.
import { writeSync } from 'node:fs';
import { createLog } from '../../src/operator/log.ts';

const log = createLog({ level: 'info', folder: process.argv[2] ?? '' });
let count = 0;
setInterval(() => {
  for (let burst = 0; burst < 50; burst += 1) {
    count += 1;
    log.info('test.counted', { count });
    writeSync(1, `${count}\n`);
  }
}, 1);
