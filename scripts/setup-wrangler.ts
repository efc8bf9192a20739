import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { stripVTControlCharacters } from 'node:util'

import { fail, ok, type Result } from '../src/platform/result.ts'
import type { Secret } from '../src/platform/secret.ts'
import { root } from './root.ts'

export interface WranglerFailure {
  readonly reason: 'wrangler_failed'
  /** As one would type it. */
  readonly command: string
  /** What wrangler said, on either stream. */
  readonly output: string
}

/** Runs wrangler with arguments and answers what it printed. Doubled nowhere: tests double what it talks to. */
export type Wrangler = (args: readonly string[], stdin?: Secret) => Promise<Result<string, WranglerFailure>>

const commandTimeoutMs = 300_000

/** Its log files are off, and what it would redact stays so: it logs the requests that carry the secret. */
const environment = {
  WRANGLER_WRITE_LOGS: 'false',
  WRANGLER_LOG_SANITIZE: 'true',
  WRANGLER_LOG: 'log',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
} as const

/**
 * The wrangler that this repository pins. A secret goes through its standard input: everybody on the machine can read
 * the arguments and much of the environment of a process.
 */
export const pinnedWrangler: Wrangler = async (args, stdin) => {
  const script = join(root, 'node_modules/wrangler/bin/wrangler.js')
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'pipe',
    timeout: commandTimeoutMs,
  })
  let printed = ''
  let complaint = ''
  child.stdout.on('data', (chunk) => (printed += String(chunk)))
  child.stderr.on('data', (chunk) => (complaint += String(chunk)))
  child.stdin.on('error', () => child.kill())
  child.stdin.end(stdin?.reveal() ?? '')
  await once(child, 'close')
  if (child.exitCode === 0) return ok(printed)
  const output = stripVTControlCharacters(`${printed}${complaint}`).trim()
  return fail({ reason: 'wrangler_failed', command: commandLine(args), output })
}

/** A command as it can be pasted into a shell. */
export function commandLine(args: readonly string[]): string {
  const words = args.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
  return ['npx wrangler', ...words].join(' ')
}
