import type { Client } from '../../../src/clients/client.ts'
import { ClientMetadataSchema } from '../../../src/clients/metadata.contract.ts'

const INSTANT = 1_795_000_000

export const redirect_uri = 'https://app.example/callback'

/** A public client of the code flow, which rotates its refresh tokens. */
export function publicClient(changes: ClientChanges = {}): Client {
  return clientWith({ client_id: 'app' }, { token_endpoint_auth_method: 'none', ...changes })
}

/** A client with a secret, of which the digest is given. */
export function confidentialClient(client_secret_digest: string, changes: ClientChanges = {}): Client {
  return clientWith(
    { client_id: 'service', client_secret_digest },
    {
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: 'openid profile email read write introspect',
      ...changes,
    },
  )
}

export type ClientChanges = Partial<Client['metadata']>

/** A client whose registration is in order but for what a test changes. */
export function clientWith(identity: Partial<Client>, metadata: ClientChanges): Client {
  return {
    client_id: 'client',
    client_secret_digest: null,
    first_party: false,
    plan: null,
    created_at: INSTANT,
    updated_at: INSTANT,
    ...identity,
    metadata: ClientMetadataSchema.parse({
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      client_name: 'Photo Printer',
      scope: 'openid profile email read read:profile',
      id_token_signed_response_alg: 'RS256',
      application_type: 'web',
      post_logout_redirect_uris: [],
      ...metadata,
    }),
  }
}
