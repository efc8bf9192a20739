import type { TrustedIssuer } from '../catalog/snapshot.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { verifyAccessToken, type AccessTokenFailure, type IsRevoked } from '../signing/access-token.ts'
import { checkBinding, type BindingFailure } from '../signing/dpop-binding.ts'
import type { Caller, Exchange, GatewayPorts } from './exchange.ts'
import { unverifiedIssuer, verifyForeignToken } from './foreign-token.ts'

export type TokenFailure =
  | AccessTokenFailure
  | BindingFailure
  | { readonly reason: 'keys_unreachable' }
  | { readonly reason: 'revocations_unknown' }

interface IdentifiedCaller {
  readonly caller: Caller
  /** Thumbprint of the key that the token is bound to, if any. */
  readonly jkt: string | undefined
}

/** Verifies a token, and that whoever presents it holds the key that it may be bound to, whoever issued it. */
export async function verifyToken(
  { scheme, token }: { readonly scheme: 'bearer' | 'dpop'; readonly token: Secret },
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<Result<Caller, TokenFailure>> {
  const identified = await identify(token, exchange, ports)
  if (!identified.ok) return identified
  const { caller, jkt } = identified.value
  const binding = await checkBinding(exchange.c, { scheme, token, jkt }, ports.proofs)
  return binding.ok ? ok(caller) : binding
}

/**
 * Verifies a token with the rules of whoever issued it, if the route takes tokens of that issuer.
 *
 * The issuer is read from the token before anything is verified. That only chooses which keys to try; a token that
 * names another issuer than the one whose key signed it is refused by the verification that follows.
 */
async function identify(
  token: Secret,
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<Result<IdentifiedCaller, TokenFailure>> {
  const { issuers } = exchange.route
  const takesOursOnly = issuers.length === 1 && issuers[0] === ports.issuer
  const issuer = takesOursOnly ? ports.issuer : unverifiedIssuer(token)
  if (issuer === undefined) return fail({ reason: 'token_malformed' })
  if (!issuers.includes(issuer)) return fail({ reason: 'issuer_wrong' })
  if (issuer === ports.issuer) return verifyOwn(token, exchange, ports)
  const trusted = exchange.view.snapshot.issuer(issuer)
  return trusted === undefined
    ? fail({ reason: 'issuer_wrong' })
    : verifyForeign(token, trusted, exchange, ports)
}

async function verifyOwn(
  token: Secret,
  { c, view, route }: Exchange,
  { issuer, keyRing, verifiedTokens: cache }: GatewayPorts,
): Promise<Result<IdentifiedCaller, TokenFailure>> {
  if (view.revocations.isFull) return fail({ reason: 'revocations_unknown' })
  const isRevoked: IsRevoked = (kind, id) => view.revocations.has(kind, id)
  const verified = await verifyAccessToken(
    token,
    { issuer, audience: route.resource?.resource ?? issuer, keyRing, isRevoked, cache },
    c.var.facts.now,
  )
  if (!verified.ok) return verified
  const { sub, client_id, scope, acr, auth_time, cnf } = verified.value
  const caller = { kind: 'token', issuer, sub, client_id, scopes: scope.split(' '), acr, auth_time } as const
  return ok({ caller, jkt: cnf?.jkt })
}

async function verifyForeign(
  token: Secret,
  trusted: TrustedIssuer,
  { c }: Exchange,
  { remoteJwks }: GatewayPorts,
): Promise<Result<IdentifiedCaller, TokenFailure>> {
  const verified = await verifyForeignToken(token, trusted, remoteJwks, c.var.facts.now)
  if (!verified.ok) return verified
  const { jkt, ...identity } = verified.value
  return ok({ caller: { kind: 'token', issuer: trusted.issuer, ...identity }, jkt })
}
