// How the tests run: sized for two cores, slow tests only when TRINITY_SLOW=1. It holds no aliases
// and no set-up files, so that a test reads the same tree as the program.
import { defineConfig } from 'vitest/config';

const isSlowWanted = process.env['TRINITY_SLOW'] === '1';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(isSlowWanted ? [] : ['tests/**/*.slow.test.ts'])],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: isSlowWanted ? 600_000 : 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 5_000,
    reporters: ['default'],
    passWithNoTests: false,
  },
});
