// `node scripts/check-run.js <run> [<replay>]`: holds the last JSON line of a fresh run to what
// every run of two minutes promises, and of its replay to the same history. Says what is missing.
import { readFileSync } from 'node:fs';

const lastLine = (path) => JSON.parse(readFileSync(path, 'utf8').trim().split('\n').at(-1) ?? '');
const [runPath, replayPath] = process.argv.slice(2);
const run = lastLine(runPath);
const replay = replayPath === undefined ? undefined : lastLine(replayPath);

const claims =
  replay === undefined
    ? [
        ['two trades closed', run.trades?.closed >= 2],
        ['one trade panicked', run.trades?.panicked >= 1],
        ['a funding payment arrived', run.fundingPayments >= 1],
        ['the longest orphan is known', typeof run.maxOrphanMs === 'number'],
        ['transitions are counted', run.transitions > 0],
        ['inputs are counted', run.inputs > 0],
        ['the head hash is SHA-256', /^[0-9a-f]{64}$/.test(run.headHash)],
      ]
    : [
        ['the replay is identical', replay.identical === true],
        ['with the same hash', replay.headHash === run.headHash],
        ['after the same inputs', replay.inputs === run.inputs],
        ['and the same transitions', replay.transitions === run.transitions],
      ];

const broken = claims.filter(([, holds]) => !holds);
for (const [claim] of broken) process.stderr.write(`not so: ${claim}\n`);
if (broken.length > 0) {
  process.stderr.write(`${JSON.stringify(replay ?? run)}\n`);
  process.exitCode = 1;
}
