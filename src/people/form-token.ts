import { formTtlSeconds } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { constantTimeEqual, mac128 } from '../platform/digest.ts'

/** What a form token is good for: one form, in one browser, about one thing. */
export interface FormUse {
  readonly form:
    | 'sign_in'
    | 'sign_out'
    | 'consent'
    | 'user_code'
    | 'device_decision'
    | 'end_session'
    | 'disconnect'
    | 'sign_up'
    | 'new_account'
    | 'reset_password'
    | 'new_password'
    | 'send_verification'
    | 'verify_email'
    | 'second_factor'
    | 'passkey_sign_in'
    | 'factors'
    | 'link_identity'
  /** What only the browser that was shown the page has: its form cookie, or its session. */
  readonly holder: string
  /** What the page was about. A token that came with one authorization request approves no other. */
  readonly about: string
}

const TOKEN = /^(\d{1,12})\.([A-Za-z0-9_-]{22})$/

/**
 * Makes the hidden value that proves that a form was filled in on a page of ours.
 *
 * Another site can make a browser send a form here, cookies included, but can neither read this value nor make
 * it. At sign-in that keeps an attacker from signing somebody into the attacker's account, at consent from
 * approving in somebody's name. Nothing is stored: the value carries its own expiry under a MAC.
 */
export function issueFormToken(use: FormUse, key: Uint8Array, nowMs: number): string {
  const expires_at = epochSeconds(nowMs) + formTtlSeconds
  return `${expires_at}.${macOf(use, expires_at, key)}`
}

export function verifyFormToken(
  token: string | undefined,
  use: FormUse,
  key: Uint8Array,
  nowMs: number,
): boolean {
  const [, expiry = '', mac = ''] = TOKEN.exec(token ?? '') ?? []
  if (mac === '') return false
  const expires_at = Number(expiry)
  return constantTimeEqual(mac, macOf(use, expires_at, key)) && epochSeconds(nowMs) < expires_at
}

/** JSON keeps the parts apart: without it, one long `holder` could pass for a shorter one and its `about`. */
function macOf({ form, holder, about }: FormUse, expires_at: number, key: Uint8Array): string {
  return mac128(key, JSON.stringify([form, holder, about, expires_at]))
}
