import { readCredentials } from '../http/credentials.ts'
import { credentialCharactersMax } from '../platform/bounds.ts'
import { Secret } from '../platform/secret.ts'

/** The credential of a request at the gateway. `other` is a scheme that is not ours to check, such as Basic. */
export type PresentedCredential =
  | { readonly kind: 'none' | 'repeated' | 'malformed' | 'other' }
  | { readonly kind: 'token'; readonly scheme: 'bearer' | 'dpop'; readonly token: Secret }
  | { readonly kind: 'api_key'; readonly key: Secret }

/**
 * Reads the one credential of a request, from headers only: a query ends up in logs, histories and referrers.
 *
 * The scheme says what it is, never its looks, and more than one is refused: if we checked one and the upstream
 * or an auditor went by the other, somebody could act under a name that was never verified.
 */
export function readPresented(headers: Headers): PresentedCredential {
  const keyHeader = headers.get('x-api-key') ?? ''
  const credentials = readCredentials(headers.get('authorization') ?? undefined)
  // Two headers of one name arrive as one value with a comma, which no key contains.
  if (keyHeader !== '' && (credentials.scheme !== 'none' || keyHeader.includes(',')))
    return { kind: 'repeated' }
  if (keyHeader.length > credentialCharactersMax) return { kind: 'malformed' }
  switch (credentials.scheme) {
    case 'bearer':
    case 'dpop':
      return { kind: 'token', ...credentials }
    case 'apikey':
      return { kind: 'api_key', key: credentials.key }
    case 'malformed':
      return { kind: 'malformed' }
    case 'basic':
      return { kind: 'other' }
    case 'none':
      return keyHeader === '' ? { kind: 'none' } : { kind: 'api_key', key: new Secret(keyHeader) }
  }
}
