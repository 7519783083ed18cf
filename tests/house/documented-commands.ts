// The commands that the README may show, each with the file that runs it. A command that nothing
// runs has no place in the README.
export const documentedCommands: Readonly<Record<string, string>> = {
  'node main': 'tests/house/first-start.slow.test.ts',
  'node main --paper': 'tests/house/first-start.slow.test.ts',
  'node main --paper --feed sandbox --seed 7 --exit-after 100s --json': '.ci/run',
  'node main replay': '.ci/run',
  'node main verify': '.ci/run',
  'node main trades': '.ci/run',
  'node main --help': 'tests/house/first-start.slow.test.ts',
  'node main config show --origin': '.ci/run',
  'npm test': 'package.json',
  'npm run check': '.ci/run',
  'npm run diagrams': 'package.json',
};
