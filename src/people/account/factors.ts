import { issueChallenge, readChallenge } from '../../accounts/passkey-challenge.ts'
import {
  readRegistration,
  verifyRegistration,
  type PasskeyFailure,
} from '../../accounts/passkey-verification.ts'
import { creationOptions, type Passkey, type RelyingParty } from '../../accounts/passkey.ts'
import { makeRecoveryCodes, recoveryCodeDigest } from '../../accounts/recovery-code.ts'
import {
  makeTotpSecret,
  openTotpSecret,
  sealTotpSecret,
  totpStepOf,
  type TotpFactor,
} from '../../accounts/totp.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { factorChangeFreshSeconds } from '../../platform/factor-bounds.ts'
import { randomId, type Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'
import type { SignedIn } from '../visitor.ts'

export interface EnrolmentPorts {
  readonly party: RelyingParty
  readonly passkeyMac: Uint8Array
  readonly factorSeal: Uint8Array
  readonly random: Random
  readonly factors: {
    addTotp(factor: TotpFactor): Promise<boolean>
    countRecoveryCodes(account_id: string): Promise<number>
    replaceRecoveryCodes(account_id: string, digests: readonly string[], created_at: number): Promise<void>
  }
  readonly passkeys: {
    list(account_id: string): Promise<readonly Passkey[]>
    add(passkey: Passkey): Promise<boolean>
    spendChallenge(challenge: string, expires_at: number): Promise<boolean>
  }
}

/**
 * An authenticator app that is being set up. It is kept by the page and not by us: the secret travels sealed to its
 * account, and there is no row before a code has confirmed it, so that a set-up that was left halfway locks nobody out.
 */
export interface TotpEnrolment {
  readonly factor_id: string
  readonly secret_sealed: string
  readonly secret: Secret
}

/**
 * Whether somebody has proved so recently who they are that they may change how they prove it. A session that was left
 * open is enough to read a page with; with a factor of their own in it, whoever found it would keep the account.
 */
export function mayChangeFactors({ session }: Pick<SignedIn, 'session'>, nowMs: number): boolean {
  return session.auth_time >= epochSeconds(nowMs) - factorChangeFreshSeconds
}

export async function beginTotpEnrolment(account_id: string, ports: EnrolmentPorts): Promise<TotpEnrolment> {
  const secret = makeTotpSecret(ports.random)
  const place = { account_id, factor_id: randomId(ports.random) }
  const secret_sealed = await sealTotpSecret(secret, place, ports.factorSeal, ports.random)
  return { factor_id: place.factor_id, secret_sealed, secret }
}

/** Reads an enrolment as its page sent it back, or answers undefined where it is not of this account. */
export async function readTotpEnrolment(
  place: Omit<TotpEnrolment, 'secret'> & { readonly account_id: string },
  { factorSeal }: Pick<EnrolmentPorts, 'factorSeal'>,
): Promise<TotpEnrolment | undefined> {
  const secret = await openTotpSecret(place, factorSeal)
  return secret && { factor_id: place.factor_id, secret_sealed: place.secret_sealed, secret }
}

/** Adds an app once a code shows that it was set up right. The code is used up by that, like any other. */
export async function confirmTotpEnrolment(
  { factor_id, secret_sealed, secret }: TotpEnrolment,
  { account_id, code }: { readonly account_id: string; readonly code: string },
  ports: EnrolmentPorts,
  nowMs: number,
): Promise<boolean> {
  const last_step = totpStepOf(code.replaceAll(/\s/g, ''), secret, nowMs)
  if (last_step === undefined) return false
  const created_at = epochSeconds(nowMs)
  return ports.factors.addTotp({ account_id, factor_id, secret_sealed, last_step, created_at })
}

/** What the browser is asked to make a passkey with. */
export async function passkeyCreation(
  { account, session }: SignedIn,
  { passkeys, passkeyMac, party, random }: EnrolmentPorts,
  nowMs: number,
): Promise<object> {
  const use = { purpose: 'register', holder: session.sid } as const
  const known = await passkeys.list(account.account_id)
  return creationOptions(account, known, issueChallenge(use, passkeyMac, random, nowMs), party)
}

/** Adds the passkey that a browser has made. The challenge was for this session, and is answered once. */
export async function enrolPasskey(
  text: string,
  { account, session }: SignedIn,
  ports: EnrolmentPorts,
  nowMs: number,
): Promise<Result<Passkey, PasskeyFailure>> {
  const presented = readRegistration(text)
  if (!presented.ok) return presented
  const { challenge } = presented.value
  const use = { purpose: 'register', holder: session.sid } as const
  const expires_at = readChallenge(challenge, use, ports.passkeyMac, nowMs)
  if (expires_at === undefined) return fail({ reason: 'challenge_unknown' })
  const verified = await verifyRegistration(presented.value, ports.party)
  if (!verified.ok) return verified
  if (!(await ports.passkeys.spendChallenge(challenge, expires_at)))
    return fail({ reason: 'challenge_unknown' })
  const created_at = epochSeconds(nowMs)
  const name = new Date(nowMs).toISOString().slice(0, 10)
  const rest = { account_id: account.account_id, name, created_at, used_at: null }
  const passkey = { ...verified.value, ...rest }
  return (await ports.passkeys.add(passkey)) ? ok(passkey) : fail({ reason: 'passkey_unknown' })
}

/** Makes new recovery codes in place of all from before. They are in nobody's hands but the answer's. */
export async function renewRecoveryCodes(
  account_id: string,
  { factors, random }: Pick<EnrolmentPorts, 'factors' | 'random'>,
  nowMs: number,
): Promise<readonly Secret[]> {
  const codes = makeRecoveryCodes(random)
  const digests = codes.map((code) => recoveryCodeDigest(account_id, code.reveal()) ?? '')
  await factors.replaceRecoveryCodes(account_id, digests, epochSeconds(nowMs))
  return codes
}
