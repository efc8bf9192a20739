import type { Health } from './health.contract.ts'
import type { Result } from './platform/result.ts'
import type { SettingsFailure } from './settings.ts'
import { signingAlgs, type SigningAlg } from './signing/signing-key.ts'

/** What a deployment needs before it serves; answered by whoever can look. */
export interface HealthPorts {
  /** Names of the tables that D1 holds now. */
  readonly tables: () => Promise<Result<readonly string[], { readonly reason: 'database_unreachable' }>>
  /** Asked of memory: anybody may ask, and opening sealed keys for each of them would be work for nothing. */
  readonly canSign: (alg: SigningAlg, nowMs: number) => Promise<boolean>
}

const TABLES_NEEDED = [
  'account_links',
  'accounts',
  'api_keys',
  'clients',
  'plans',
  'revocations',
  'sessions',
  'sign_ups',
  'signing_keys',
  'snapshots',
] as const

type Missing = Health['missing'][number]

const DATABASE_MISSING: Missing = {
  name: 'database',
  remedy: 'the D1 database bound as DB does not answer: see the binding in wrangler.toml, and the logs',
}

/** Looks for what is missing in the order in which an operator would mend it. */
export async function checkHealth(ports: HealthPorts, nowMs: number): Promise<Health> {
  const tables = await tablesMissing(ports)
  const missing = tables.length > 0 ? tables : await keysMissing(ports, nowMs)
  return { status: missing.length === 0 ? 'ready' : 'not_ready', missing: [...missing] }
}

/** Settings that are absent or wrong, by name; their values are never shown. */
export function healthWithoutSettings(failure: SettingsFailure): Health {
  return {
    status: 'not_ready',
    missing: failure.faults.map(({ name, message }) => ({ name, remedy: `${name} ${message}` })),
  }
}

async function tablesMissing(ports: HealthPorts): Promise<readonly Missing[]> {
  const tables = await ports.tables()
  if (!tables.ok) return [DATABASE_MISSING]
  const present = new Set(tables.value)
  return TABLES_NEEDED.filter((table) => !present.has(table)).map((table) => ({
    name: `schema: table ${table}`,
    remedy: 'apply the migrations: npx wrangler d1 migrations apply DB --remote',
  }))
}

async function keysMissing(ports: HealthPorts, nowMs: number): Promise<readonly Missing[]> {
  const missing: Missing[] = []
  for (const alg of signingAlgs) {
    if (await ports.canSign(alg, nowMs)) continue
    const remedy = 'run npm run setup, or wait for the schedule, which makes missing keys every five minutes'
    missing.push({ name: `signing key ${alg}`, remedy })
  }
  return missing
}
