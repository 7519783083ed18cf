// `node scripts/test-summary.js <vitest.json> <steps passed> <steps failed>`: prints the one
// closing line of .ci/run and exits 1 when anything failed. A missing report counts as a failure.
import { existsSync, readFileSync } from 'node:fs';

const [reportPath = '', stepsPassed = '0', stepsFailed = '0'] = process.argv.slice(2);
const report = existsSync(reportPath)
  ? JSON.parse(readFileSync(reportPath, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, success: false };

// A file that fails to load has no tests of its own: it counts as one failure.
const brokenFiles = (report.testResults ?? []).filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
).length;
const passed = report.numPassedTests + Number(stepsPassed);
const failed = report.numFailedTests + brokenFiles + Number(stepsFailed);
const skipped = report.numPendingTests + (report.numTodoTests ?? 0);

process.stdout.write(
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
