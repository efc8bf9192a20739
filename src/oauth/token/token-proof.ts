import { requiresProof, type Client } from '../../clients/client.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { ProofFailure, ProvenKey } from '../../signing/dpop-proof.ts'

/** Verifies the proof of the request at hand and spends it; undefined where it came without one. */
export type ReadProof = () => Promise<Result<ProvenKey | undefined, ProofFailure>>

export type TokenProofFailure =
  | { readonly reason: 'proof_refused'; readonly failure: ProofFailure }
  | { readonly reason: 'proof_missing' }

/**
 * The thumbprint of the key that an access token is to be bound to, or undefined for a bearer token.
 *
 * Every way to a token comes through here. Leaving the proof out of one request would otherwise be how to get a bearer
 * token in the name of a client that wants none.
 *
 * @see RFC 9449 §5, §5.2
 */
export async function proveKey(
  readProof: ReadProof,
  client: Pick<Client, 'metadata'>,
): Promise<Result<string | undefined, TokenProofFailure>> {
  const proof = await readProof()
  if (!proof.ok) return fail({ reason: 'proof_refused', failure: proof.failure })
  if (proof.value === undefined && requiresProof(client)) return fail({ reason: 'proof_missing' })
  return ok(proof.value?.jkt)
}
