import { env } from 'cloudflare:workers'

import { factorStore } from '../../../src/accounts/factor.store.ts'
import { recoveryCodeDigest } from '../../../src/accounts/recovery-code.ts'
import { hotp, makeTotpSecret, sealTotpSecret } from '../../../src/accounts/totp.ts'
import { openDb } from '../../../src/db/client.ts'
import { assert } from '../../../src/platform/assert.ts'
import { base64url, fromBase64url } from '../../../src/platform/encoding.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { readSettings } from '../../../src/settings.ts'
import type { Browser, Page } from './browser.ts'
import { signIn } from './cast.ts'

const STEP_MS = 30_000
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An authenticator app in somebody's hands. */
export class AuthenticatorApp {
  readonly #secret: Secret

  constructor(secret: Secret) {
    this.#secret = secret
  }

  /** An app that has scanned the code of a page that sets one up. */
  static on({ html }: Pick<Page, 'html'>): AuthenticatorApp {
    const [, text = ''] = /otpauth:[^"]*secret=([A-Z2-7]{32})/.exec(html) ?? []
    const bits = Array.from(text, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
    const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
    return new AuthenticatorApp(new Secret(base64url(bytes)))
  }

  /** The code that it shows, now or some steps away from now. */
  code(steps = 0): string {
    const key = fromBase64url(this.#secret.reveal())
    assert(key !== undefined, 'a secret is base64url')
    return hotp(key, Math.floor(Date.now() / STEP_MS) + steps)
  }

  /** A code that is not right in any step of the window. */
  wrongCode(): string {
    const right = [-1, 0, 1].map((steps) => this.code(steps))
    return ['000000', '000001', '000002', '000003'].find((code) => !right.includes(code)) ?? ''
  }
}

/** Gives somebody an app, as if they had set it up yesterday. */
export async function withApp(account_id: string): Promise<AuthenticatorApp> {
  const settings = readSettings(env)
  assert(settings.ok, 'the test environment has settings')
  const secret = makeTotpSecret(systemRandom)
  const place = { account_id, factor_id: randomId(systemRandom) }
  const secret_sealed = await sealTotpSecret(secret, place, settings.value.keys.factorSeal, systemRandom)
  const factor = { ...place, secret_sealed, last_step: 0, created_at: 1_795_000_000 }
  assert(await factorStore(openDb(env.DB)).addTotp(factor), 'the account had no app')
  return new AuthenticatorApp(secret)
}

/** Gives somebody these recovery codes. */
export async function withRecoveryCodes(account_id: string, codes: readonly string[]): Promise<void> {
  const digests = codes.map((code) => recoveryCodeDigest(account_id, code) ?? '')
  await factorStore(openDb(env.DB)).replaceRecoveryCodes(account_id, digests, 1_795_000_000)
}

/** Signs in as far as the second factor, and answers the page that asks for it. */
export async function toSecondFactor(
  browser: Browser,
  email: string,
  continueTo = '/account',
): Promise<Page> {
  const answer = await signIn(browser, email, continueTo)
  assert(answer.location?.startsWith('/sign-in/second-factor') === true, 'the second factor is asked for')
  return browser.open(answer.location)
}
