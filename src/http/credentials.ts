import { credentialCharactersMax } from '../platform/bounds.ts'
import { fromUtf8 } from '../platform/encoding.ts'
import { Secret } from '../platform/secret.ts'

/** What an `Authorization` header holds. Schemes are case-insensitive (RFC 9110 §11.1). */
export type Credentials =
  | { readonly scheme: 'none' }
  | { readonly scheme: 'malformed' }
  | { readonly scheme: 'bearer'; readonly token: Secret }
  /** A token that works only together with a proof of the key that it is bound to (RFC 9449 §7.1). */
  | { readonly scheme: 'dpop'; readonly token: Secret }
  | { readonly scheme: 'apikey'; readonly key: Secret }
  | { readonly scheme: 'basic'; readonly user: string; readonly password: Secret }

const HEADER = /^([A-Za-z]+) +([\x21-\x7e]+)$/

export function readCredentials(header: string | undefined): Credentials {
  if (header === undefined || header === '') return { scheme: 'none' }
  if (header.length > credentialCharactersMax) return { scheme: 'malformed' }
  const [, scheme = '', value = ''] = HEADER.exec(header) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { scheme: 'bearer', token: new Secret(value) }
    case 'dpop':
      return { scheme: 'dpop', token: new Secret(value) }
    case 'apikey':
      return { scheme: 'apikey', key: new Secret(value) }
    case 'basic':
      return readBasic(value)
    default:
      return { scheme: 'malformed' }
  }
}

/**
 * Reads client credentials from Basic. Both parts are form-urlencoded inside it (RFC 6749 §2.3.1), so that a
 * colon in an identifier does not cut it short.
 */
function readBasic(value: string): Credentials {
  const text = decodeBase64(value)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 1) return { scheme: 'malformed' }
  const user = formUrlDecode(text.slice(0, colon))
  const password = formUrlDecode(text.slice(colon + 1))
  if (user === undefined || password === undefined) return { scheme: 'malformed' }
  return { scheme: 'basic', user, password: new Secret(password) }
}

function decodeBase64(value: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined
  try {
    return fromUtf8(Uint8Array.from(atob(value), (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

function formUrlDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
