import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

import { V4WorkerOptionsSchema, type V4WorkerOptions } from 'miniflare'
import * as z from 'zod'

import { ok, fail, type Result } from '../src/platform/result.ts'
import { root } from './root.ts'

/** A Worker as wrangler bundles it, and what its wrangler.toml binds, in a form that Miniflare takes. */
export interface Bundle {
  readonly folder: string
  readonly worker: V4WorkerOptions
  readonly migrations: readonly Migration[]
  readonly crons: readonly string[]
}

export interface Migration {
  readonly name: string
  readonly queries: readonly string[]
}

export interface BundleSource {
  /** The Worker's wrangler.toml, from the root of the repository. */
  readonly config: string
  /** Globs of everything that the bundle is made from. */
  readonly inputs: readonly string[]
}

export interface BundleFailure {
  readonly reason: 'bundle_failed'
  readonly output: string
}

export const gatewaySource: BundleSource = {
  config: 'wrangler.toml',
  inputs: ['src/**', 'policies/**', 'migrations/**', 'wrangler.toml', 'tsconfig.json', 'package-lock.json'],
}

const run = promisify(execFile)
const buildTimeoutMs = 60_000
const staleAfterMs = 24 * 3600 * 1000
const recordName = 'record.json'

const recordShape = z.strictObject({
  worker: V4WorkerOptionsSchema,
  migrations: z.array(z.strictObject({ name: z.string(), queries: z.array(z.string()) })),
  crons: z.array(z.string()),
})

/** Of a wrangler.toml as wrangler reads it, whose own types refer to a package that it does not ship. */
const configShape = z.object({
  name: z.string(),
  vars: z.record(z.string(), z.string()),
  d1_databases: z.array(z.object({ migrations_dir: z.string().default('migrations') })),
  triggers: z.object({ crons: z.array(z.string()).default([]) }),
})

export const moduleTypes: Readonly<Record<string, 'Text' | 'Data' | 'CompiledWasm'>> = {
  '.cedar': 'Text',
  '.cedarschema': 'Text',
  '.txt': 'Text',
  '.html': 'Text',
  '.sql': 'Text',
  '.bin': 'Data',
  '.wasm': 'CompiledWasm',
}

/**
 * Builds a Worker with wrangler's own bundler, or finds the one already built from the same inputs.
 *
 * A bundle lies in a folder named by the digest of its inputs and comes there by one rename, so that two commands
 * at once never see half of one.
 */
export async function bundle(source: BundleSource): Promise<Result<Bundle, BundleFailure>> {
  const folder = join(root, 'dist', digestOf(source))
  if (!existsSync(join(folder, recordName))) {
    const built = await build(source, folder)
    if (!built.ok) return built
  }
  const record = recordShape.parse(JSON.parse(await readFile(join(folder, recordName), 'utf8')))
  return ok({ folder, ...record })
}

function digestOf(source: BundleSource): string {
  const hash = createHash('sha256').update(readFileSync(import.meta.filename))
  const paths = globSync(source.inputs, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  for (const path of paths.toSorted()) hash.update(`\0${path}\0`).update(readFileSync(path))
  return hash.digest('hex').slice(0, 20)
}

async function build(source: BundleSource, folder: string): Promise<Result<null, BundleFailure>> {
  const dist = join(root, 'dist')
  await mkdir(dist, { recursive: true })
  await removeStale(dist)
  const draft = await mkdtemp(join(dist, 'draft-'))
  const built = await runWrangler(source, draft)
  if (!built.ok) {
    await rm(draft, { recursive: true })
    return built
  }
  await writeFile(join(draft, recordName), JSON.stringify(await recordOf(source, draft, folder)))
  // Another command may have built the same bundle meanwhile; then its folder stands and this one is superfluous.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }))
  return ok(null)
}

async function runWrangler(source: BundleSource, draft: string): Promise<Result<null, BundleFailure>> {
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
  const options = ['deploy', '--dry-run', '--outdir', draft, '--config', join(root, source.config)]
  try {
    await run(process.execPath, [wrangler, ...options], {
      cwd: root,
      timeout: buildTimeoutMs,
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        WRANGLER_LOG_PATH: draft,
        NO_COLOR: '1',
      },
    })
    return ok(null)
  } catch (error) {
    const output = z.object({ stdout: z.string(), stderr: z.string() }).safeParse(error)
    return fail({ reason: 'bundle_failed', output: output.success ? output.data.stderr : String(error) })
  }
}

/** What the server needs to know of wrangler.toml, noted at build time: loading wrangler costs it 0.8 s a start. */
async function recordOf(source: BundleSource, draft: string, folder: string) {
  // Its warnings about secrets that a deployment needs are no news to somebody who builds.
  process.env['WRANGLER_LOG'] = 'none'
  const wrangler = await import('wrangler')
  const path = join(root, source.config)
  const config = configShape.parse(wrangler.unstable_readConfig({ config: path }, { hideWarnings: true }))
  const { workerOptions } = wrangler.unstable_getMiniflareWorkerOptions(path)
  const files = await readdir(draft)
  const main = files
    .filter((name) => extname(name) === '.js')
    .map((name) => ({ type: 'ESModule' as const, name }))
  const others = files.flatMap((name) => {
    const type = moduleTypes[extname(name)]
    return type ? [{ type, name }] : []
  })
  const modules = [...main, ...others].map(({ type, name }) => ({ type, path: join(folder, name) }))
  const { modulesRules: _, ...worker } = workerOptions
  return {
    // Only the variables of the file count; what this shell's environment happens to hold is not configuration.
    worker: {
      ...worker,
      name: config.name,
      rootPath: root,
      bindings: config.vars,
      modulesRoot: folder,
      modules,
    },
    migrations: await migrationsOf(config.d1_databases[0]?.migrations_dir, dirname(path)),
    crons: config.triggers.crons,
  }
}

async function migrationsOf(folder: string | undefined, base: string): Promise<Migration[]> {
  if (folder === undefined) return []
  const wrangler = await import('wrangler')
  const names = (await readdir(resolve(base, folder))).filter((name) => name.endsWith('.sql')).toSorted()
  return names.map((name) => ({
    name,
    queries: wrangler.unstable_splitSqlQuery(readFileSync(resolve(base, folder, name), 'utf8')),
  }))
}

async function removeStale(dist: string): Promise<void> {
  for (const name of await readdir(dist)) {
    const path = join(dist, name)
    const written = statSync(path, { throwIfNoEntry: false })
    if (written && Date.now() - written.mtimeMs > staleAfterMs)
      await rm(path, { recursive: true, force: true })
  }
}
