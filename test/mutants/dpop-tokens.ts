import type { Mutant } from './mutant.ts'

const theft = 'test/attacks/dpop/token-theft.test.ts'
const gateway = 'test/attacks/dpop/gateway.test.ts'
const proof = 'src/signing/dpop-proof.ts'
const binding = 'src/signing/dpop-binding.ts'
const redemption = 'src/oauth/token/redemption.ts'
const TARGET = "  if (normalTarget(claims.htu) !== target) return { reason: 'proof_target_wrong' }\n"
const REPEATED = "return spent === 'first' ? ok({ jkt: use.owner }) : fail({ reason: 'proof_repeated' })"
const AS_BEARER =
  "  if (scheme === 'bearer') return jkt === undefined ? ok(undefined) : fail({ reason: 'token_bound' })\n"
const UNBOUND = "  if (jkt === undefined) return fail({ reason: 'token_unbound' })\n"

export const mutants: readonly Mutant[] = [
  {
    attack: 'presents it as a bearer token: it opens nothing',
    test: theft,
    file: binding,
    original: AS_BEARER,
    mutated: "  if (scheme === 'bearer') return ok(undefined)\n",
  },
  {
    attack: 'presents it in the body of a form, where no proof is asked for elsewhere: it opens nothing',
    test: theft,
    file: binding,
    original: AS_BEARER,
    mutated: "  if (scheme === 'bearer' && c.req.method === 'POST') return ok(undefined)\n" + AS_BEARER,
  },
  {
    attack: 'presents it with the scheme DPoP and no proof: it opens nothing',
    test: theft,
    file: binding,
    original: "  return proof.value === undefined ? fail({ reason: 'proof_missing' }) : ok(undefined)",
    mutated: '  return ok(undefined)',
  },
  {
    attack: 'presents it with a proof of a key of theirs: it opens nothing',
    test: theft,
    file: proof,
    original: "  if (bound !== undefined && bound.jkt !== jkt) return fail({ reason: 'token_key_wrong' })\n",
    mutated: '',
  },
  {
    attack: 'names the key of its owner by kid, in a proof of a key of theirs: it opens nothing',
    test: theft,
    file: proof,
    original: '  const jkt = await calculateJwkThumbprint(jwk)\n',
    mutated:
      "  const jkt = JSON.parse(atob(text.split('.')[0] ?? '')).kid ?? (await calculateJwkThumbprint(jwk))\n",
  },
  {
    attack: 'presents it with a proof that its owner made for another token: it opens nothing',
    test: theft,
    file: proof,
    original: 'claims.ath !== sha256(access_token.reveal())',
    mutated: 'claims.ath === undefined',
  },
  {
    attack:
      'presents it with a proof that its owner sent to the token endpoint, without ath: it opens nothing',
    test: theft,
    file: proof,
    original: 'claims.ath !== sha256(access_token.reveal())',
    mutated: 'claims.ath !== undefined && claims.ath !== sha256(access_token.reveal())',
  },
  {
    attack: 'presents it with the proof that its owner has used: it opens nothing a second time',
    test: theft,
    file: proof,
    original: REPEATED,
    mutated: 'return ok({ jkt: spent === "first" ? use.owner : use.owner })',
  },
  {
    attack: 'presents it by both schemes at once: it opens nothing',
    test: theft,
    file: 'src/http/credentials.ts',
    original: 'HEADER.exec(header) ?? []',
    mutated: "HEADER.exec(header.split(',')[0] ?? '') ?? []",
  },
  {
    attack: 'dresses it up with the scheme DPoP and a proof of their own: it opens nothing',
    test: theft,
    file: binding,
    original: UNBOUND,
    mutated: '  if (jkt === undefined) return ok(undefined)\n',
  },
  {
    attack: 'refreshes for a public client with a key of theirs: nothing is issued, and the owner goes on',
    test: theft,
    file: redemption,
    original: '  return isConfidential(client) ? null : (dpop_jkt ?? null)\n',
    mutated: '  return isConfidential(client) ? (dpop_jkt ?? null) : null\n',
  },
  {
    attack: 'refreshes without a proof to get a bearer token: nothing is issued, and the owner goes on',
    test: theft,
    file: 'src/grants/grant.ts',
    original: 'bound.dpop_jkt !== null && bound.dpop_jkt !== presented.dpop_jkt',
    mutated:
      'bound.dpop_jkt !== null && presented.dpop_jkt !== null && bound.dpop_jkt !== presented.dpop_jkt',
  },
  {
    attack:
      'retries a refresh with a key of theirs within the time for retries: the successor is not given away',
    test: theft,
    file: 'src/grants/redeem.ts',
    original: '  if (mismatch !== undefined) return fail(mismatch)\n  if (held.spent_at',
    mutated:
      '  if (mismatch !== undefined && held.spent_at === null) return fail(mismatch)\n  if (held.spent_at',
  },
  {
    attack:
      'redeems a code that is bound by dpop_jkt with a key of theirs: the owner’s redemption still works',
    test: theft,
    file: 'src/grants/grant.ts',
    original: 'bound.dpop_jkt !== null && bound.dpop_jkt !== presented.dpop_jkt',
    mutated: "presented.kind !== 'code' && bound.dpop_jkt !== null && bound.dpop_jkt !== presented.dpop_jkt",
  },
  {
    attack:
      'redeems the code of a client that wants bound tokens without a proof: no bearer token comes of it',
    test: theft,
    file: 'src/oauth/token/token-proof.ts',
    original: 'if (proof.value === undefined && requiresProof(client))',
    mutated: "if (proof.value === undefined && requiresProof(client) && client.metadata.profile === 'fapi2')",
  },
  {
    attack: 'has the upstream keep token and proof of a request, to use them elsewhere: neither reaches it',
    test: gateway,
    file: 'src/gateway/forwarded-request.ts',
    original: "    headers.delete('dpop')\n",
    mutated: "    if (isOpen) headers.delete('dpop')\n",
  },
  {
    attack: 'presents a bound token as a bearer token: nothing is forwarded',
    test: gateway,
    file: binding,
    original: AS_BEARER,
    mutated: "  if (scheme === 'bearer') return ok(undefined)\n",
  },
  {
    attack: 'repeats a request with its proof: nothing is forwarded a second time',
    test: gateway,
    file: 'src/signing/dpop-memory.ts',
    original: "    if (this.#seen.get(name) !== undefined) return 'repeated'\n",
    mutated: '',
  },
  {
    attack: 'uses the proof for one route at another: nothing is forwarded',
    test: gateway,
    file: proof,
    original: TARGET,
    mutated: '',
  },
  {
    attack: 'keeps a proof until its nonce has ended: nothing is forwarded, and the nonce of now is told',
    test: gateway,
    file: 'src/signing/dpop-nonce.ts',
    original: '    if (!constantTimeEqual(nonce, nonceOf(slot, key))) continue\n',
    mutated: '    if (nonce.length !== nonceOf(slot, key).length) continue\n',
  },
  {
    attack: 'presents a token that is bound to nothing with a proof of their own: nothing is forwarded',
    test: gateway,
    file: binding,
    original: UNBOUND,
    mutated: '  if (jkt === undefined) return ok(undefined)\n',
  },
  {
    attack: 'presents a bound token of another issuer as a bearer token: nothing is forwarded',
    test: gateway,
    file: 'src/gateway/foreign-token.ts',
    original: 'jkt: cnf?.jkt',
    mutated: 'jkt: cnf && undefined',
  },
  {
    attack:
      'presents a token that is bound to a certificate, which nobody can check here: nothing is forwarded',
    test: gateway,
    file: 'src/gateway/foreign-token.ts',
    original: '  cnf: z.object({ jkt: z.string() }).optional(),',
    mutated: '  cnf: z.object({ jkt: z.string().optional() }).optional(),',
  },
  {
    attack: 'has an upstream of an open route collect tokens and proofs: neither reaches it',
    test: gateway,
    file: 'src/gateway/forwarded-request.ts',
    original: "    headers.delete('dpop')\n",
    mutated: '',
  },
]
