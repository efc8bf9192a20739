import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'

import { ok, fail, type Result } from '../src/platform/result.ts'

/** A state directory that this process alone may use until it lets go. */
export interface StateFolder {
  readonly path: string
  readonly release: () => Promise<void>
}

export type StateFailure =
  | { readonly reason: 'state_held'; readonly path: string; readonly pid: string }
  | { readonly reason: 'state_unwritable'; readonly path: string; readonly cause: string }

/** Where the runtime's process id is noted (`workerd-leash.sh` writes it). */
export const runtimePidFile = 'workerd.pid'

/** What the runtime and these scripts write into a state directory. Only these are ever deleted from it. */
const contents = [
  'cache',
  'd1',
  'do',
  'kv',
  'queues',
  'r2',
  'upstream',
  'spa',
  'secrets.json',
  'demo.json',
  'gatewright.log',
]

const endTimeoutMs = 5000
const pollMs = 20

/**
 * Takes a state directory. Two processes on one would each have their own copy of an object, and both would sell
 * the same code.
 *
 * The lock is the kernel's, taken through SQLite: it goes when its holder dies, however that happens, so no lock
 * is ever left behind to be judged stale.
 */
export async function holdState(path: string, fresh: boolean): Promise<Result<StateFolder, StateFailure>> {
  const holder = join(path, 'holder.pid')
  try {
    await makeFolder(path)
    const lock = new DatabaseSync(join(path, 'lock.sqlite'))
    if (!tryLock(lock)) {
      lock.close()
      return fail({
        reason: 'state_held',
        path,
        pid: existsSync(holder) ? await readFile(holder, 'utf8') : 'unknown',
      })
    }
    await writeFile(holder, String(process.pid))
    for (const folder of ['.', 'upstream', 'spa']) await endOrphan(join(path, folder, runtimePidFile))
    if (fresh)
      await Promise.all(contents.map((name) => rm(join(path, name), { recursive: true, force: true })))
    return ok({
      path,
      release: async () => {
        await rm(holder, { force: true })
        lock.close()
      },
    })
  } catch (error) {
    return fail({
      reason: 'state_unwritable',
      path,
      cause: error instanceof Error ? error.message : String(error),
    })
  }
}

/** One folder at a time: Node's own recursion never ends where folders cannot be made, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await makeFolder(dirname(path))
  await mkdir(path)
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && error.message.includes('locked')) return false
    throw error
  }
}

/** The leash ends a runtime whose parent was killed, but a start right after the kill may come before it. */
async function endOrphan(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return
  const pid = Number(await readFile(pidFile, 'utf8'))
  for (let waitedMs = 0; isRuntime(pid) && waitedMs < endTimeoutMs; waitedMs += pollMs) {
    if (waitedMs === 0) process.kill(pid, 'SIGKILL')
    await delay(pollMs)
  }
  await rm(pidFile, { force: true })
}

/** Ids are used again by the system, so an id alone is no proof of what it names. */
function isRuntime(pid: number): boolean {
  try {
    const command = existsSync('/proc/self')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes('workerd')
  } catch {
    return false
  }
}
