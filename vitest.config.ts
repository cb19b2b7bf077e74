import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    // Each worker has connections, files and sometimes a browser of its own; two is what a small machine bears.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/database.setup.ts'],
    setupFiles: ['test/fast-check.setup.ts'],
  },
})
