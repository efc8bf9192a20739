import type { PresentedClient } from '../clients/authentication.ts'
import type { HttpContext } from '../http/context.ts'
import { readCredentials } from '../http/credentials.ts'
import { Secret } from '../platform/secret.ts'

/** Collects what a request shows of its client, in the header and in the body (RFC 6749 §2.3.1). */
export function presentedClient(
  c: HttpContext,
  body: { readonly client_id?: string; readonly client_secret?: string },
): PresentedClient {
  return {
    credentials: readCredentials(c.req.header('authorization')),
    client_id: body.client_id,
    client_secret: body.client_secret === undefined ? undefined : new Secret(body.client_secret),
    address: c.var.facts.address,
  }
}
