// The commands that the README may show, each with the file that runs it. A command that nothing
// runs has no place in the README.
export const documentedCommands: Readonly<Record<string, string>> = {
  'node main': 'tests/house/first-start.slow.test.ts',
  'node main --paper': 'tests/house/first-start.slow.test.ts',
  'node main --paper --feed sandbox --seed 7 --exit-after 100s --json': '.ci/run',
  'node main --paper --feed live': 'tests/house/docs-live-prices.test.ts',
  'node main --clock virtual --exit-after 86400s': 'tests/cli/virtual-day.slow.test.ts',
  'node main trade t1': 'tests/house/docs-results.test.ts',
  'node main opps': 'tests/house/docs-results.test.ts',
  'node main export fills --format csv': 'tests/cli/export.test.ts',
  'node main logs': 'tests/cli/logs-verb.test.ts',
  'node main sandbox --seed 7 --json': 'tests/cli/sandbox-verb.test.ts',
  'node main replay': '.ci/run',
  'node main verify': '.ci/run',
  'node main trades': '.ci/run',
  'node main --help': 'tests/house/first-start.slow.test.ts',
  'node main config show --origin': '.ci/run',
  'npm test': 'package.json',
  'npm run check': '.ci/run',
  'npm run diagrams': 'package.json',
};
