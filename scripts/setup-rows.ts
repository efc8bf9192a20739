import * as z from 'zod'

import type { Client } from '../src/clients/client.ts'
import { ClientMetadataSchema } from '../src/clients/metadata.contract.ts'
import { epochSeconds } from '../src/platform/clock.ts'
import { sha256 } from '../src/platform/digest.ts'
import { randomSecret, type Random } from '../src/platform/random.ts'
import { Secret } from '../src/platform/secret.ts'
import { ensureKeys } from '../src/signing/key-rotation.ts'
import { signingAlgs, type SealedSigningKey } from '../src/signing/signing-key.ts'

const operatorId = 'first_operator'

/** What there is already, in two results. Every client that may manage counts as an operator, whoever made it. */
export const presentQuery = `SELECT kid, alg, generation, private_jwk_sealed, created_at, activates_at FROM signing_keys; SELECT client_id FROM clients WHERE ' ' || json_extract(metadata, '$.scope') || ' ' LIKE '% manage %'`

export interface Present {
  readonly keys: readonly SealedSigningKey[]
  readonly operators: readonly string[]
}

const resultsOf = <Row extends z.ZodType>(row: Row) => z.object({ results: z.array(row) })

const presentShape = z.tuple([
  resultsOf(
    z.object({
      kid: z.string(),
      alg: z.enum(signingAlgs),
      generation: z.number(),
      private_jwk_sealed: z.string(),
      created_at: z.number(),
      activates_at: z.number(),
    }),
  ),
  resultsOf(z.object({ client_id: z.string() })),
])

/** Reads what `d1 execute --json` printed for `presentQuery`. */
export function readPresent(printed: string): Present {
  const [keys, operators] = presentShape.parse(JSON.parse(printed))
  return { keys: keys.results, operators: operators.results.map(({ client_id }) => client_id) }
}

/** The keys that a new deployment signs with and publishes next, sealed here: their private parts are never written down. */
export async function makeKeys(
  present: readonly SealedSigningKey[],
  sealKey: Uint8Array,
  random: Random,
  nowMs: number,
): Promise<readonly SealedSigningKey[]> {
  const made: SealedSigningKey[] = []
  const store = {
    list: async () => [...present, ...made],
    insert: async (keys: readonly SealedSigningKey[]) => void made.push(...keys),
    activateAt: async () => undefined,
    remove: async () => undefined,
  }
  await ensureKeys({ store, sealKey, random }, nowMs)
  return made
}

export interface Operator {
  readonly client: Client
  readonly secret: Secret
}

/** The first client that may publish, register and rotate; with it an operator makes all others. */
export function makeOperator(random: Random, nowMs: number): Operator {
  const secret = new Secret(randomSecret(random))
  const now = epochSeconds(nowMs)
  const metadata = ClientMetadataSchema.parse({
    redirect_uris: [],
    grant_types: ['client_credentials'],
    response_types: [],
    post_logout_redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_any',
    client_name: 'First operator',
    scope: 'manage authorize introspect',
  })
  return {
    secret,
    client: {
      client_id: operatorId,
      client_secret_digest: sha256(secret.reveal()),
      metadata,
      first_party: false,
      plan: null,
      created_at: now,
      updated_at: now,
    },
  }
}

/**
 * SQL that adds rows. Keys whose place is taken are left out, because a deployed schedule may have been quicker; an
 * operator whose place is taken fails the whole, because a secret would be shown that opens nothing.
 */
export function toSql(keys: readonly SealedSigningKey[], operators: readonly Client[]): string {
  const clients = operators.map((client) => ({
    ...client,
    metadata: JSON.stringify(client.metadata),
    first_party: Number(client.first_party),
  }))
  return [
    ...keys.map((key) => `${insert('signing_keys', { ...key })} ON CONFLICT DO NOTHING;\n`),
    ...clients.map((client) => `${insert('clients', client)};\n`),
  ].join('')
}

function insert(table: string, row: Readonly<Record<string, string | number | null>>): string {
  const values = Object.values(row).map(literal)
  return `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')})`
}

function literal(value: string | number | null): string {
  if (value === null) return 'NULL'
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`
}
