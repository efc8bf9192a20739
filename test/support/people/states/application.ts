import { clientStore } from '../../../../src/clients/client.store.ts'
import { ClientMetadataSchema } from '../../../../src/clients/metadata.contract.ts'
import { openDb } from '../../../../src/db/client.ts'
import { sha256 } from '../../../../src/platform/digest.ts'
import { randomId, systemRandom } from '../../../../src/platform/random.ts'
import { enter, open, press, type Stage } from './stage.ts'

export const LOGO = 'https://cdn.example/logo.svg'
export const APPLICATION = 'https://app.example'

interface Registration {
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly client_secret?: string
  readonly first_party?: boolean
}

/** Registers an application with everything that a page shows of one. */
export async function newApplication(
  { server }: Pick<Stage, 'server'>,
  { metadata = {}, client_secret, first_party = false }: Registration = {},
): Promise<string> {
  const client_id = randomId(systemRandom)
  await clientStore(openDb(server.database)).upsert({
    client_id,
    client_secret_digest: client_secret === undefined ? null : sha256(client_secret),
    metadata: ClientMetadataSchema.parse({
      client_name: 'Photo Printer of the Amalgamated Picture Company',
      logo_uri: LOGO,
      policy_uri: `${APPLICATION}/privacy`,
      tos_uri: `${APPLICATION}/terms`,
      redirect_uris: [`${APPLICATION}/callback`],
      post_logout_redirect_uris: [],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      scope: 'openid profile email address phone offline_access',
      ...metadata,
    }),
    first_party,
    plan: null,
    created_at: 0,
    updated_at: 0,
  })
  return client_id
}

/** The path of an application's authorization request; `changes` add to it. */
export function requestOf(client_id: string, changes: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: `${APPLICATION}/callback`,
    scope: 'openid profile email address phone',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...changes,
  })
  return `/oauth/authorize?${query.toString()}`
}

/** Signs in and allows a new application what it asks for. */
export async function connect(stage: Stage, registration: Registration = {}): Promise<void> {
  await enter(stage)
  await open(stage, requestOf(await newApplication(stage, registration)))
  await press(stage, 'button[value=allow]')
}
