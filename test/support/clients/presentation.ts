import { authenticateClient, clientAuthenticationError } from '../../../src/clients/authentication.ts'
import type { Client } from '../../../src/clients/client.ts'
import { ClientMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { readCredentials } from '../../../src/http/credentials.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { Secret } from '../../../src/platform/secret.ts'

/** The secret of every client here that has one. */
export const SECRET = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE'

type Registered = Client['metadata']['token_endpoint_auth_method']

function client(client_id: string, method: Registered): Client {
  return {
    client_id,
    client_secret_digest: method === 'none' ? null : sha256(SECRET),
    metadata: ClientMetadataSchema.parse({
      redirect_uris: [],
      grant_types: [],
      response_types: [],
      token_endpoint_auth_method: method,
      scope: '',
      id_token_signed_response_alg: 'RS256',
      application_type: 'web',
      post_logout_redirect_uris: [],
    }),
    first_party: false,
    plan: null,
    created_at: 0,
    updated_at: 0,
  }
}

const clients = [
  client('basic', 'client_secret_basic'),
  client('a:b c', 'client_secret_basic'),
  client('post', 'client_secret_post'),
  client('public', 'none'),
  client('by-hand', 'client_secret_any'),
]

/** What a request shows of its client, as texts. */
export interface Presented {
  readonly authorization?: string
  readonly client_id?: string
  readonly client_secret?: string
  readonly client_assertion?: string
  readonly client_assertion_type?: string
}

/** Authenticates, and tells besides the outcome which failures were counted. */
export async function present(presented: Presented, admitted = true) {
  return presentTo(clients, presented, admitted)
}

/** The same where other clients are registered. */
export async function presentTo(registered: readonly Client[], presented: Presented, admitted = true) {
  const { authorization, client_id, client_secret, client_assertion, client_assertion_type } = presented
  const counted: { client_id: string; address: string }[] = []
  const outcome = await authenticateClient(
    {
      credentials: readCredentials(authorization),
      client_id,
      client_secret: client_secret === undefined ? undefined : new Secret(client_secret),
      client_assertion: client_assertion === undefined ? undefined : new Secret(client_assertion),
      client_assertion_type,
      path: '/oauth/token',
      address: '192.0.2.1',
    },
    {
      assertions: {
        issuer: 'https://gate.example',
        tokenEndpoint: 'https://gate.example/oauth/token',
        remoteJwks: { find: async () => ({ ok: false, failure: { reason: 'keys_unreachable' } }) },
        spendOnce: async () => 'first',
      },
      findClient: async (id) => registered.find((one) => one.client_id === id),
      limiter: {
        take: async (subject) => {
          counted.push({ client_id: subject.client_id, address: subject.address })
          return { admitted, retryAfterSeconds: 17 }
        },
      },
    },
    0,
  )
  const error = outcome.ok ? undefined : clientAuthenticationError(outcome.failure)
  return { accepted: outcome.ok ? outcome.value.client_id : undefined, outcome, error, counted }
}

/** A Basic header of parts that need no encoding. */
export function basic(user: string, password: string): string {
  return `Basic ${btoa(`${user}:${password}`)}`
}
