import { challenge } from '../http/challenge.ts'
import type { HttpContext } from '../http/context.ts'
import { readCredentials } from '../http/credentials.ts'
import { proofAlgs } from '../signing/dpop-proof-parts.ts'

/**
 * A challenge in the scheme that the token of the request came with, and has to come with again: somebody who is told
 * `Bearer` for a token that is bound to a key would send it without a proof.
 *
 * @see RFC 9449 §7.1 (algs)
 */
export function tokenChallenge(c: HttpContext, parameters: Readonly<Record<string, string>>): string {
  const isProven = readCredentials(c.req.header('authorization')).scheme === 'dpop'
  return isProven
    ? challenge('DPoP', { ...parameters, algs: proofAlgs.join(' ') })
    : challenge('Bearer', parameters)
}
