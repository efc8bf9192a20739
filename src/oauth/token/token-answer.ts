import { acrAmong, acrOf } from '../../accounts/acr.ts'
import type { Account } from '../../accounts/account.ts'
import { claimNamesFor, claimsNamed, type PersonClaims } from '../../accounts/person-claims.ts'
import type { Client } from '../../clients/client.ts'
import { sessionNameFor } from '../../clients/subject.ts'
import { formatScope } from '../../grants/scope.ts'
import { accessTokenTtlSeconds, idTokenTtlSeconds } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { randomId, type Random } from '../../platform/random.ts'
import { issueAccessToken, type AccessTokenClaims } from '../../signing/access-token.ts'
import { issueIdToken } from '../../signing/id-token.ts'
import type { KeyRing } from '../../signing/key-ring.ts'
import { errorText, log } from '../../platform/log.ts'
import { requestedAcrValues, requestedClaims } from '../../grants/requested-claims.ts'
import { sealAccount } from '../token-account.ts'
import type { Authentication, CarriedClaims, Entitlement } from './entitlement.ts'
import { accessTokenType } from './token-exchange-request.ts'
import type { TokenAnswer } from './token.contract.ts'

export interface IssuePorts {
  readonly issuer: string
  readonly keyRing: Pick<KeyRing, 'sign' | 'canSign'>
  readonly random: Random
  readonly accounts: { findById(account_id: string): Promise<Account | undefined> }
  readonly accountSeal: Uint8Array
  readonly pairwiseSubject: Uint8Array
}

type IdTokenAlg = Client['metadata']['id_token_signed_response_alg']

/**
 * Makes the tokens that an entitlement is good for. It is the one place that signs them, so that no way to a
 * token goes past what an entitlement says.
 *
 * @see RFC 6749 §5.1 (answer)
 * @see RFC 9068 §2.2 (access token)
 * @see OpenID Connect Core 1.0 §3.1.3.3, §12.2 (ID token with a code, and after a refresh)
 */
export async function issueTokens(
  entitlement: Entitlement,
  idTokenAlg: IdTokenAlg,
  ports: IssuePorts,
  nowMs: number,
): Promise<TokenAnswer> {
  const { scope, refresh_token } = entitlement
  const iat = epochSeconds(nowMs)
  const exp = Math.min(iat + accessTokenTtlSeconds, entitlement.ends_at ?? Infinity)
  const access_token = await issueAccessToken(
    ports.keyRing,
    await accessClaims(entitlement, { iat, exp }, ports),
    nowMs,
  )
  const id_token = scope.includes('openid')
    ? await signIdToken(entitlement, { alg: idTokenAlg, access_token }, ports, nowMs)
    : undefined
  return {
    access_token,
    token_type: entitlement.dpop_jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: exp - iat,
    scope: formatScope(scope),
    ...(entitlement.carried && { issued_token_type: accessTokenType }),
    ...(refresh_token && { refresh_token: refresh_token.reveal() }),
    ...(id_token !== undefined && { id_token }),
  }
}

async function accessClaims(
  entitlement: Entitlement,
  times: { readonly iat: number; readonly exp: number },
  ports: IssuePorts,
): Promise<AccessTokenClaims> {
  const { issuer, random } = ports
  const { client_id, sub, scope, audience, grant_id, dpop_jkt, authentication, carried } = entitlement
  return {
    iss: issuer,
    sub,
    aud: audienceOf(audience, issuer),
    ...times,
    jti: randomId(random),
    client_id,
    scope: formatScope(scope),
    ...(grant_id !== undefined && { grant_id }),
    ...(authentication && (await personalClaims({ sub, scope, authentication }, ports))),
    ...carried,
    ...(dpop_jkt !== undefined && { cnf: { jkt: dpop_jkt } }),
  }
}

/** What is said of the person: how they signed in, and how userinfo finds them and what it may tell. */
async function personalClaims(
  { sub, scope, authentication }: PersonalEntitlement,
  { random, accountSeal, pairwiseSubject }: IssuePorts,
): Promise<CarriedClaims> {
  const { account_id, auth_time, amr, sid, claims } = authentication
  const account = await sealAccount({ account_id, sub }, accountSeal, random)
  const opened = claimNamesFor(scope)
  const named = requestedClaims(claims, 'userinfo').filter((name) => !opened.includes(name))
  return {
    auth_time,
    acr: acrOf(amr),
    sid: sessionNameFor({ sid, account_id, sub }, pairwiseSubject),
    ...(account !== undefined && { account }),
    ...(named.length > 0 && { userinfo_claims: named }),
  }
}

interface PersonalEntitlement extends Pick<Entitlement, 'sub' | 'scope'> {
  readonly authentication: Authentication
}

/** One resource is named alone, as most verifiers expect (RFC 9068 §3, RFC 7519 §4.1.3). */
function audienceOf(audience: readonly string[], issuer: string): string | readonly string[] {
  const [first = issuer, ...others] = audience
  return others.length === 0 ? first : audience
}

/** There is none without a person: a client that authenticates for itself has nobody to tell about. */
async function signIdToken(
  { client_id, sub, authentication }: Entitlement,
  request: { readonly alg: IdTokenAlg; readonly access_token: string },
  { issuer, keyRing, accounts, pairwiseSubject }: IssuePorts,
  nowMs: number,
): Promise<string | undefined> {
  if (authentication === undefined) return undefined
  const person = await personClaims(authentication, accounts)
  const iat = epochSeconds(nowMs)
  const claims = {
    iss: issuer,
    sub,
    aud: client_id,
    exp: iat + idTokenTtlSeconds,
    iat,
    acr: acrAmong(requestedAcrValues(authentication.claims), authentication.amr),
    amr: authentication.amr,
    auth_time: authentication.auth_time,
    sid: sessionNameFor({ ...authentication, sub }, pairwiseSubject),
    nonce: authentication.nonce,
  }
  return issueIdToken(keyRing, { ...request, claims, person }, nowMs)
}

/**
 * What the client asked to find in the ID token itself. The account is read for that alone.
 *
 * By now the code is spent. Should D1 not answer, the tokens come without these claims, because a client must do without
 * what it does not get (OpenID Connect Core §5.5.1), and userinfo tells it later.
 */
async function personClaims(
  { account_id, claims }: Authentication,
  accounts: IssuePorts['accounts'],
): Promise<PersonClaims> {
  const names = requestedClaims(claims, 'id_token')
  if (names.length === 0) return {}
  try {
    const account = await accounts.findById(account_id)
    return account === undefined ? {} : claimsNamed(account, names)
  } catch (error) {
    log('error', 'id_token_claims_unavailable', { error: errorText(error) })
    return {}
  }
}
