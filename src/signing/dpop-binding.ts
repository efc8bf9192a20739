import type { HttpContext } from '../http/context.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { readProof, type ProofFailure, type ProofPorts } from './dpop-proof.ts'

export type BindingFailure =
  | ProofFailure
  /** A token that is bound to a key came as a bearer token. */
  | { readonly reason: 'token_bound' }
  /** A token that is bound to no key came with the scheme DPoP. */
  | { readonly reason: 'token_unbound' }
  | { readonly reason: 'proof_missing' }

/** How a token came, and what it is bound to by its own word. */
export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: Secret
  readonly jkt: string | undefined
}

/**
 * Checks that whoever presents a token holds the key that it is bound to. The token itself has been verified before.
 *
 * A bound token that is taken as a bearer token is worth as much to a thief as one that was never bound, and a token that
 * is bound to nothing proves nothing by a proof: neither passes.
 *
 * @see RFC 9449 §7.1, §7.2 (no downgrade)
 */
export async function checkBinding(
  c: HttpContext,
  { scheme, token, jkt }: PresentedToken,
  ports: ProofPorts,
): Promise<Result<undefined, BindingFailure>> {
  if (scheme === 'bearer') return jkt === undefined ? ok(undefined) : fail({ reason: 'token_bound' })
  if (jkt === undefined) return fail({ reason: 'token_unbound' })
  const proof = await readProof(c, ports, { token, jkt })
  if (!proof.ok) return proof
  return proof.value === undefined ? fail({ reason: 'proof_missing' }) : ok(undefined)
}
