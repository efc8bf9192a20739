import { execFile } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

import * as z from 'zod'

import { measureSize } from './bundle-size.ts'
import { bundle, gatewaySource } from './bundle.ts'
import { staleFiles } from './generated.ts'
import { root } from './root.ts'
import { measureStartUp } from './start-up.ts'

interface Outcome {
  readonly ok: boolean
  /** A figure for the line of a check that passed, or everything there is to say about one that did not. */
  readonly text: string
}

interface Check {
  readonly name: string
  readonly run: () => Promise<Outcome>
}

const run = promisify(execFile)
const commandTimeoutMs = 120_000
const outputBytesMax = 16 * 1024 * 1024
const bundleGzipBytesMax = 500 * 1024
const startUpMsMax = 60

/** These read different things, so they run at the same time. */
const together: readonly Check[] = [
  { name: 'lint', run: () => command('oxlint', '--type-aware', '--deny-warnings', '--format=unix') },
  { name: 'format', run: () => command('oxfmt', '--check') },
  { name: 'types of the Worker', run: () => command('tsc', '-p', 'tsconfig.json') },
  { name: 'types of scripts and tests', run: () => command('tsc', '-p', 'tsconfig.node.json') },
  {
    name: 'rooms, names, sizes, tests of each status',
    run: () => command('vitest', 'run', '--project', 'tidy'),
  },
  { name: 'generated files', run: checkGenerated },
  { name: 'size of the bundle', run: checkSize },
]

/** This one measures time, so it runs when the others have ended. */
const alone: Check = { name: 'start-up', run: checkStartUp }

/** `npm run check`: everything but the tests. One line for each check, and the words of those that failed. */
async function check(): Promise<number> {
  const outcomes = await Promise.all(together.map(report))
  outcomes.push(await report(alone))
  const failed = outcomes.filter((outcome) => !outcome.ok)
  for (const { text } of failed) console.error(`\n${text}`)
  console.log(failed.length === 0 ? `${outcomes.length} checks passed` : `${failed.length} checks failed`)
  return failed.length === 0 ? 0 : 1
}

async function report({ name, run: perform }: Check): Promise<Outcome> {
  const startedMs = performance.now()
  const outcome = await perform()
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const figure = outcome.ok && outcome.text !== '' ? `: ${outcome.text}` : ''
  console.log(`${outcome.ok ? 'ok    ' : 'FAILED'} ${seconds.padStart(5)} s  ${name}${figure}`)
  return outcome
}

async function command(name: string, ...options: readonly string[]): Promise<Outcome> {
  try {
    const env = { ...process.env, NO_COLOR: '1' }
    const settings = { cwd: root, env, timeout: commandTimeoutMs, maxBuffer: outputBytesMax }
    await run(join(root, 'node_modules/.bin', name), [...options], settings)
    return { ok: true, text: '' }
  } catch (error) {
    const output = z.object({ stdout: z.string(), stderr: z.string() }).safeParse(error)
    return {
      ok: false,
      text: output.success ? `${output.data.stdout}${output.data.stderr}`.trim() : String(error),
    }
  }
}

async function checkGenerated(): Promise<Outcome> {
  const stale = await staleFiles()
  return {
    ok: stale.length === 0,
    text: stale.map((path) => `${path} is not current: npm run generate`).join('\n'),
  }
}

async function checkSize(): Promise<Outcome> {
  const built = await bundle(gatewaySource)
  if (!built.ok) return { ok: false, text: built.failure.output }
  const { gzipBytes, cedarGzipBytes } = await measureSize(built.value)
  const text = `${kib(gzipBytes)} KiB gz of ${kib(bundleGzipBytesMax)}, and Cedar's wasm ${kib(cedarGzipBytes)} KiB gz`
  return { ok: gzipBytes <= bundleGzipBytesMax, text }
}

async function checkStartUp(): Promise<Outcome> {
  const built = await bundle(gatewaySource)
  if (!built.ok) return { ok: false, text: built.failure.output }
  const { ownMs, withFilesMs } = await measureStartUp(built.value)
  const text = `${ownMs.toFixed(0)} ms CPU of ${startUpMsMax} to the first answer, ${withFilesMs.toFixed(0)} ms with the reading of our files`
  return { ok: ownMs <= startUpMsMax, text: ownMs <= startUpMsMax ? text : `start-up takes ${text}` }
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(0)
}

process.exitCode = await check()
