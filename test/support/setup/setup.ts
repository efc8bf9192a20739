import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

import { root } from '../../../scripts/root.ts'

/** A copy of wrangler.toml to be written to, beside what it names, and an empty directory for state. */
export interface Workplace {
  readonly config: string
  readonly stateDir: string
  /** What wrangler.toml says now. */
  readonly configText: () => Promise<string>
  readonly remove: () => Promise<void>
}

export async function openWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-setup-test-'))
  const config = join(folder, 'wrangler.toml')
  await copyFile(join(root, 'wrangler.toml'), config)
  await Promise.all(
    ['src', 'public', 'migrations'].map((name) => symlink(join(root, name), join(folder, name))),
  )
  return {
    config,
    stateDir: join(folder, 'state'),
    configText: () => readFile(config, 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export interface SetupRun {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** `npm run setup` as a process of its own. */
export async function runSetup(
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<SetupRun> {
  const child = spawn(process.execPath, [join(root, 'scripts/setup.ts'), ...options], {
    cwd: root,
    env: { ...process.env, ...environment },
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  await once(child, 'close')
  return { code: child.exitCode, output, errors }
}

/** What a run printed after a word at the beginning of a line. */
export function printed({ output }: Pick<SetupRun, 'output'>, name: string): string {
  return new RegExp(`^\\s*${name}\\s+(.+)$`, 'm').exec(output)?.[1] ?? ''
}
