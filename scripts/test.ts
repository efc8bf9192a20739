import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

import * as z from 'zod'

import { ensureChromium } from './chromium.ts'
import { root } from './root.ts'

const reportShape = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()) }),
  ),
})

type Report = z.infer<typeof reportShape>

/**
 * `npm test`: every project, or those that the options of vitest pick (`npm test -- --project unit`). Its last line
 * is the count, for people and for machines.
 */
async function test(options: readonly string[]): Promise<number> {
  const missing = options.length === 0 ? ensureChromium() : undefined
  if (missing !== undefined) console.error(missing)
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-report-'))
  const path = join(folder, 'report.json')
  const exitCode = await runVitest(options, path)
  const report = await readReport(path)
  await rm(folder, { recursive: true })
  if (report === undefined) {
    console.error('vitest ended without a report')
    console.log('0 passed, 1 failed')
    return 1
  }
  const hasFailed = missing !== undefined || !report.success || exitCode !== 0
  console.log(counts(report, hasFailed))
  return hasFailed ? 1 : 0
}

async function runVitest(options: readonly string[], path: string): Promise<number> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=dot', '--silent=passed-only', '--reporter=json', `--outputFile.json=${path}`]
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...options], {
    cwd: root,
    stdio: 'inherit',
  })
  await once(child, 'exit')
  return child.exitCode ?? 1
}

async function readReport(path: string): Promise<Report | undefined> {
  try {
    return reportShape.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

/** A file that could not be loaded, and a run that broke outside of any test, have failed without a test to count. */
function counts(report: Report, hasFailed: boolean): string {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  const skipped = report.numPendingTests + report.numTodoTests
  const failed = Math.max(report.numFailedTests + unloaded, hasFailed ? 1 : 0)
  return `${report.numPassedTests} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}

process.exitCode = await test(process.argv.slice(2))
