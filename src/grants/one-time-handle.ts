import { constantTimeEqual, mac128, sha256 } from '../platform/digest.ts'
import { randomSecret, type Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'

export type HandleKind = 'pushed_request' | 'device_code'

const PREFIXES = { pushed_request: 'gwp', device_code: 'gwd' } as const

const HANDLE = /^((gwp|gwd)_([0-9a-f]{2})\.[\w-]{43})\.([\w-]{22})$/

/**
 * Makes the handle of a one-time value: `gw<kind>_<place>.<secret>.<mac>`.
 *
 * The place is one of 256 that strangers share, and so may be read by anybody. Forged handles die on the MAC, before any
 * object is asked.
 */
export function mintHandle(kind: HandleKind, place: string, key: Uint8Array, random: Random): Secret {
  const body = `${PREFIXES[kind]}_${place}.${randomSecret(random)}`
  return new Secret(`${body}.${mac128(key, body)}`)
}

/** Reads a handle that we made, or answers undefined. The prefix is under the MAC: no kind stands for another. */
export function readHandle(
  kind: HandleKind,
  handle: Secret,
  key: Uint8Array,
): { readonly place: string; readonly digest: string } | undefined {
  const text = handle.reveal()
  const [, body = '', prefix = '', place = '', mac = ''] = HANDLE.exec(text) ?? []
  if (prefix !== PREFIXES[kind] || !constantTimeEqual(mac, mac128(key, body))) return undefined
  return { place, digest: sha256(text) }
}
