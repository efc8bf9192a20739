import { assert } from '../platform/assert.ts'
import { base32 } from '../platform/base32.ts'
import { constantTimeEqual, mac128, sha256 } from '../platform/digest.ts'
import { fromBase64url } from '../platform/encoding.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { Secret } from '../platform/secret.ts'

const environments = ['live', 'test'] as const

/** A label for people and for leak scanners; both kinds open the same doors. */
export type Environment = (typeof environments)[number]

/** What a well-formed key with the right MAC says of itself. Whether it is alive is another question. */
export interface PresentedKey {
  readonly key_id: string
  readonly environment: Environment
  readonly secret_digest: string
}

export type KeyFormatFailure = { readonly reason: 'key_malformed' } | { readonly reason: 'key_mac_wrong' }

const KEY_ID_BYTES = 10
const SECRET_BYTES = 32
const FORMAT = /^(gwk_(live|test)_([a-z2-7]{16})_([a-z2-7]{52}))_([a-z2-7]{26})$/

/**
 * Makes an API key: `gwk_<environment>_<id>_<secret>_<mac>`.
 *
 * The prefix lets a leak scanner recognise one. Parts are base32 in lower case, so that a double click selects
 * the whole and no part holds the separator. The secret has 256 random bits, so its plain digest may be stored.
 */
export function mintApiKey(
  environment: Environment,
  macKey: Uint8Array,
  random: Random,
): PresentedKey & { readonly key: Secret } {
  const key_id = base32(random(KEY_ID_BYTES))
  const secret = base32(random(SECRET_BYTES))
  const authenticated = `gwk_${environment}_${key_id}_${secret}`
  const key = new Secret(`${authenticated}_${macOf(authenticated, macKey)}`)
  return { key, key_id, environment, secret_digest: sha256(secret) }
}

/**
 * Reads a presented key and checks its MAC over everything before it.
 *
 * A mistyped or invented key ends here, before any object or table is asked: nobody can make the gateway look
 * up keys that it never gave out.
 */
export function readApiKey(presented: Secret, macKey: Uint8Array): Result<PresentedKey, KeyFormatFailure> {
  const [, authenticated = '', label, key_id = '', secret = '', mac = ''] =
    FORMAT.exec(presented.reveal()) ?? []
  const environment = environments.find((known) => known === label)
  if (environment === undefined) return fail({ reason: 'key_malformed' })
  if (!constantTimeEqual(mac, macOf(authenticated, macKey))) return fail({ reason: 'key_mac_wrong' })
  return ok({ key_id, environment, secret_digest: sha256(secret) })
}

function macOf(authenticated: string, macKey: Uint8Array): string {
  const mac = fromBase64url(mac128(macKey, authenticated))
  assert(mac !== undefined, 'mac in canonical base64url')
  return base32(mac)
}
