import type { Client } from '../../clients/client.ts'
import { requestUriAgeMaxMs, requestUriFailureAgeMs } from '../../platform/authorization-bounds.ts'
import { Lru } from '../../platform/lru.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'

/** What comes with a request object that is fetched: RFC 9101 §5.2.3, and the types that came before it. */
export const requestObjectMediaTypes = [
  'application/oauth-authz-req+jwt',
  'application/jwt',
  'application/jose',
] as const

export interface RequestUriPorts {
  /** Fetches within the bounds that hold for every address that somebody else wrote down. */
  readonly fetchRequestObject: (
    url: string,
  ) => Promise<Result<{ readonly text: string }, { readonly reason: string }>>
  /** Counts what is fetched for an address: the parameter that causes it needs no credentials. */
  readonly limiter: {
    take(subject: {
      readonly kind: 'request_object'
      readonly address: string
    }): Promise<{ readonly admitted: boolean }>
  }
  /** Documents that are remembered. */
  readonly heldMax: number
}

export type RequestUriFailure =
  | { readonly reason: 'request_uri_unregistered' }
  | { readonly reason: 'request_uri_unreachable' }
  | { readonly reason: 'request_uris_exceeded' }

/**
 * Whether a client has registered the address that its request is to be fetched from.
 *
 * Without that, anybody could make this server fetch what they name: a parameter of an authorization request needs no
 * credentials. Only the fragment may differ, since it names the content, not the place.
 *
 * @see OpenID Connect Core 1.0 §6.2
 * @see RFC 9101 §10.4
 */
export function isRegisteredRequestUri(request_uri: string, { metadata }: Pick<Client, 'metadata'>): boolean {
  const place = withoutFragment(request_uri)
  const { protocol } = URL.parse(place) ?? {}
  return protocol === 'https:' && (metadata.request_uris ?? []).map(withoutFragment).includes(place)
}

/**
 * Fetches request objects by reference.
 *
 * One with a fragment is remembered for a moment, because its fragment changes with its content (§6.2) and one visit asks
 * for it several times. Any other is fetched each time. A place that failed is left alone for a moment: whoever asks needs no
 * credentials, and each fetch may take as long as its timeout.
 */
export function createRequestObjectFetch({ fetchRequestObject, limiter, heldMax }: RequestUriPorts) {
  const held = new Lru<{ readonly text: string; readonly readAtMs: number }>(heldMax)
  const failedAtMs = new Lru<number>(heldMax)
  return async (
    request_uri: string,
    { address, nowMs }: { readonly address: string; readonly nowMs: number },
  ): Promise<Result<Secret, RequestUriFailure>> => {
    const entry = held.get(request_uri)
    if (entry !== undefined && nowMs - entry.readAtMs < requestUriAgeMaxMs) return ok(new Secret(entry.text))
    const place = withoutFragment(request_uri)
    const lastFailureMs = failedAtMs.get(place) ?? Number.NEGATIVE_INFINITY
    if (nowMs - lastFailureMs < requestUriFailureAgeMs) return fail({ reason: 'request_uri_unreachable' })
    const { admitted } = await limiter.take({ kind: 'request_object', address })
    if (!admitted) return fail({ reason: 'request_uris_exceeded' })
    const fetched = await fetchRequestObject(place)
    if (!fetched.ok) {
      failedAtMs.set(place, nowMs)
      return fail({ reason: 'request_uri_unreachable' })
    }
    const text = fetched.value.text.trim()
    if (request_uri.includes('#')) held.set(request_uri, { text, readAtMs: nowMs })
    return ok(new Secret(text))
  }
}

function withoutFragment(uri: string): string {
  return uri.split('#', 1)[0] ?? ''
}
