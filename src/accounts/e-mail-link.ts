import {
  resetLinkTtlSeconds,
  signUpLinkTtlSeconds,
  verificationLinkTtlSeconds,
} from '../platform/account-bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { constantTimeEqual, mac128, sha256 } from '../platform/digest.ts'
import { randomSecret, type Random } from '../platform/random.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { Secret } from '../platform/secret.ts'

/** What a link in a mail is for. A link of one purpose is worth nothing for another. */
export type LinkPurpose = 'sign_up' | 'reset_password' | 'verify_email'

export type LinkFailure = { readonly reason: 'link_forged' } | { readonly reason: 'link_expired' }

/** What the database keeps of a link: enough to know it again, and not enough to make it. */
export interface LinkRecord {
  readonly link_digest: string
  readonly expires_at: number
}

const TTL_SECONDS = {
  sign_up: signUpLinkTtlSeconds,
  reset_password: resetLinkTtlSeconds,
  verify_email: verificationLinkTtlSeconds,
} as const satisfies Readonly<Record<LinkPurpose, number>>

const TOKEN = /^(\d{1,12})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})$/

/**
 * Makes the token of a link that is about to be mailed.
 *
 * The secret alone would do, since its digest is looked up. Expiry and purpose stand under a MAC beside it so that a
 * made-up link costs whoever tries it a request, and us no query and no password to hash.
 */
export function issueLink(
  purpose: LinkPurpose,
  key: Uint8Array,
  random: Random,
  nowMs: number,
): LinkRecord & { readonly token: Secret } {
  const secret = randomSecret(random)
  const expires_at = epochSeconds(nowMs) + TTL_SECONDS[purpose]
  const token = new Secret(`${expires_at}.${secret}.${macOf(purpose, expires_at, secret, key)}`)
  return { token, link_digest: sha256(secret), expires_at }
}

/** Answers the digest to look up, for a link of ours that is for this and has not expired. */
export function readLink(
  token: Secret,
  purpose: LinkPurpose,
  key: Uint8Array,
  nowMs: number,
): Result<string, LinkFailure> {
  const [, expiry = '', secret = '', mac = ''] = TOKEN.exec(token.reveal()) ?? []
  const expires_at = Number(expiry)
  const isOurs = mac !== '' && constantTimeEqual(mac, macOf(purpose, expires_at, secret, key))
  if (!isOurs) return fail({ reason: 'link_forged' })
  return epochSeconds(nowMs) < expires_at ? ok(sha256(secret)) : fail({ reason: 'link_expired' })
}

/**
 * The address that is mailed. Its origin is the configured issuer and never the Host of a request: an attacker who
 * asks for somebody's link under a Host of their own would otherwise be sent the token when it is followed.
 */
export function linkUrl(issuer: string, path: string, token: Secret): string {
  return `${issuer}${path}?${new URLSearchParams({ token: token.reveal() }).toString()}`
}

function macOf(purpose: LinkPurpose, expires_at: number, secret: string, key: Uint8Array): string {
  return mac128(key, JSON.stringify([purpose, expires_at, secret]))
}
