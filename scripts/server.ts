import { clearInterval, setInterval } from 'node:timers'

import type { Miniflare } from 'miniflare'

import { ok, type Result } from '../src/platform/result.ts'
import { bundle, gatewaySource, type Bundle, type BundleFailure } from './bundle.ts'
import { cronPeriodMs } from './cron.ts'
import { localSecrets } from './local-secrets.ts'
import { applyMigrations, type Database, type MigrationFailure } from './migrations.ts'
import { claimPort, startRuntime, type LogSink, type PortFailure } from './runtime.ts'
import { holdState, type StateFailure } from './state-folder.ts'

/** The real bundle of the Worker on a loopback socket, with D1 and Durable Objects kept in a state directory. */
export interface Server {
  readonly url: string
  readonly database: Database
  readonly miniflare: Miniflare
  readonly migrationsApplied: number
  /** Variables and secrets that the Worker was given. */
  readonly bindings: Readonly<Record<string, string>>
  readonly runCron: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface ServerOptions {
  /** 0 for any free port. */
  readonly port: number
  readonly stateDir: string
  /** Whether the state is emptied first. */
  readonly fresh: boolean
  /** Variables beyond those of wrangler.toml. The secrets are the state directory's own. */
  readonly vars: Readonly<Record<string, string>>
  readonly onLog: LogSink
  /**
   * Whether the files of `public/` are served. The platform does that before the Worker is asked; its local emulation
   * puts two more Workers before ours, which costs more than most requests (`docs/explanation/performance.md`).
   */
  readonly servesFiles: boolean
  /** Starts what stands beside the gateway, before the gateway answers: what it leads to must be there by then. */
  readonly startBeside: (url: string) => Promise<Result<Beside, PortFailure | BundleFailure>>
}

export interface Beside {
  readonly close: () => Promise<void>
}

export type ServerFailure = StateFailure | PortFailure | BundleFailure | MigrationFailure

/** Unless `vars` names another, the issuer is the address that the server answers on. */
export async function startServer(options: ServerOptions): Promise<Result<Server, ServerFailure>> {
  const built = await bundle(gatewaySource)
  if (!built.ok) return built
  const state = await holdState(options.stateDir, options.fresh)
  if (!state.ok) return state
  const running = await startInState(options, built.value)
  if (!running.ok) {
    await state.value.release()
    return running
  }
  const { close } = running.value
  return ok({
    ...running.value,
    close: async () => {
      await close()
      await state.value.release()
    },
  })
}

async function startInState(
  options: ServerOptions,
  { crons, migrations, ...built }: Bundle,
): Promise<Result<Server, PortFailure | BundleFailure | MigrationFailure>> {
  const { stateDir, onLog } = options
  const port = await claimPort(options.port)
  if (!port.ok) return port
  const url = `http://localhost:${port.value}`
  const beside = await options.startBeside(url)
  if (!beside.ok) return beside
  const bindings = { ISSUER: url, ...(await localSecrets(stateDir)), ...options.vars }
  const { assets, ...withoutFiles } = built.worker
  const worker = options.servesFiles ? { ...withoutFiles, assets } : withoutFiles
  const miniflare = await startRuntime({ worker, port: port.value, stateDir, bindings, onLog })
  const database = await miniflare.getD1Database('DB')
  const migrated = await applyMigrations(database, migrations)
  if (!migrated.ok) {
    await Promise.all([miniflare.dispose(), beside.value.close()])
    return migrated
  }
  const stopCrons = startCrons(miniflare, crons, onLog)
  return ok({
    url,
    database,
    miniflare,
    bindings,
    migrationsApplied: migrated.value,
    runCron: () => runCrons(miniflare, crons),
    close: async () => {
      stopCrons()
      await Promise.all([miniflare.dispose(), beside.value.close()])
    },
  })
}

/** The local runtime never fires a cron by itself. */
function startCrons(miniflare: Miniflare, crons: readonly string[], onLog: LogSink): () => void {
  const fire = (cron: string) => {
    runCrons(miniflare, [cron]).catch((error) => onLog({ level: 'error', message: `cron ${cron}: ${error}` }))
  }
  const timers = crons.map((cron) => setInterval(fire, cronPeriodMs(cron), cron))
  return () => timers.forEach((timer) => clearInterval(timer))
}

async function runCrons(miniflare: Miniflare, crons: readonly string[]): Promise<void> {
  const worker = await miniflare.getWorker()
  for (const cron of crons) await worker.scheduled({ cron })
}
