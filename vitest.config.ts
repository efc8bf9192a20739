import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Not a secret: it protects only what a test run makes and throws away. */
const testSecret = 'dGVzdHMgb25seTsgbm90IGEgc2VjcmV0IGF0IGFsbCE'

const serverTestTimeoutMs = 30_000
const serverStartTimeoutMs = 60_000

/** Files that start a server wait for most of their time, so two of them run at once on two cores. */
const filesAtOnce = 2
/** Pages that one test file looks at side by side: more than there are processors only makes each of them late. */
const browserPagesAtOnce = 2

/** Each project is a place to run in; a test lies in the folder of the least real place that can show its guarantee. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'], maxWorkers: filesAtOnce } },
      {
        test: {
          name: 'unit',
          maxWorkers: filesAtOnce,
          include: ['test/{unit,property,simulation}/**/*.test.{ts,tsx}'],
          testTimeout: serverTestTimeoutMs,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: 'wrangler.toml' },
            miniflare: {
              bindings: {
                ISSUER: 'http://localhost:8787',
                GATEWRIGHT_SECRET: testSecret,
                MIGRATIONS: await readD1Migrations('migrations'),
              },
            },
          })),
        ],
        test: {
          name: 'worker',
          sequence: { groupOrder: 1 },
          include: ['test/{worker,conformance,attacks}/**/*.test.{ts,tsx}'],
          setupFiles: ['test/support/worker-setup.ts'],
          testTimeout: serverTestTimeoutMs,
          isolate: false,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'http',
          maxWorkers: filesAtOnce,
          include: ['test/{http,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/build.ts'],
          testTimeout: serverTestTimeoutMs,
          hookTimeout: serverStartTimeoutMs,
        },
      },
      {
        test: {
          name: 'browser',
          sequence: { groupOrder: 2 },
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/build.ts'],
          testTimeout: serverTestTimeoutMs,
          hookTimeout: serverStartTimeoutMs,
          fileParallelism: false,
          maxConcurrency: browserPagesAtOnce,
        },
      },
    ],
  },
})
