import type { PresentedClient } from '../clients/authentication.ts'
import type { HttpContext } from '../http/context.ts'
import { readCredentials } from '../http/credentials.ts'
import { Secret } from '../platform/secret.ts'
import type { ClientParameters } from './presented-client.contract.ts'

/** Collects what a request shows of its client, in the header and in the body (RFC 6749 §2.3.1, RFC 7521 §4.2). */
export function presentedClient(c: HttpContext, body: ClientParameters): PresentedClient {
  return {
    credentials: readCredentials(c.req.header('authorization')),
    client_id: body.client_id,
    client_secret: secretOf(body.client_secret),
    client_assertion: secretOf(body.client_assertion),
    client_assertion_type: body.client_assertion_type,
    path: c.req.path,
    address: c.var.facts.address,
  }
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text)
}
