import { oauthError } from '../http/oauth-error.ts'
import type { Secret } from '../platform/secret.ts'
import type { Client } from './client.ts'
import type { RegistrationFailure } from './registration.ts'

/** A registration as its client is told of it. */
export interface ToldRegistration {
  readonly client: Client
  readonly client_secret: Secret | undefined
  /** Known only to whoever has just sent or been given it. */
  readonly registration_access_token: Secret | undefined
}

/** The answer of RFC 7591 §3.2.1 and RFC 7592 §3: what is registered, without members that have no value. */
export function registrationAnswer(told: ToldRegistration, issuer: string) {
  const { client, client_secret, registration_access_token } = told
  const { scope, ...metadata } = client.metadata
  return {
    client_id: client.client_id,
    client_id_issued_at: client.created_at,
    ...(client_secret && { client_secret: client_secret.reveal(), client_secret_expires_at: 0 }),
    ...(registration_access_token && { registration_access_token: registration_access_token.reveal() }),
    registration_client_uri: `${issuer}/oauth/register/${encodeURIComponent(client.client_id)}`,
    ...metadata,
    ...(scope !== '' && { scope }),
  }
}

/** RFC 7591 §3.2.2. */
export function refuseRegistration(failure: RegistrationFailure): Response {
  switch (failure.reason) {
    case 'redirect_uri_invalid':
      return oauthError({ error: 'invalid_redirect_uri', error_description: failure.message })
    case 'metadata_invalid':
      return oauthError({ error: 'invalid_client_metadata', error_description: failure.message })
  }
}
