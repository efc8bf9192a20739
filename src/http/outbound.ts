import { fail, ok, type Result } from '../platform/result.ts'
import { readText, type BodyFailure } from './body.ts'
import { hostFault, isLoopbackHost } from './public-host.ts'

/** The network, as far as documents are fetched from it. */
export type FetchDocument = (url: string, init: RequestInit) => Promise<Response>

export interface OutboundRules {
  /** Media types that are asked for and taken, in lower case. */
  readonly mediaTypes: readonly string[]
  readonly bytesMax: number
  /** For the whole exchange, to the last byte. */
  readonly timeoutMs: number
  /** Development only: machines on this one may be asked, and without TLS. */
  readonly loopbackIsAllowed: boolean
}

export interface OutboundFailure {
  readonly reason:
    | 'document_address_refused'
    | 'document_unreachable'
    | 'document_status_wrong'
    | 'document_type_wrong'
    | 'document_too_large'
    | 'document_malformed'
}

export interface FetchedDocument {
  readonly text: string
  readonly headers: Headers
}

/**
 * Fetches a document from an address that somebody else wrote down.
 *
 * Whoever may write an address could otherwise make this server ask machines that only it can reach. So the host must
 * be public, and a redirect is not followed: it could lead from an address that was looked at to one that was not, or
 * to another's keys. Size and time are bound, because the other end may be an attacker's. A public name that resolves
 * to a private address is stopped by the platform, which has no private network to reach.
 */
export async function fetchDocument(
  fetchOver: FetchDocument,
  url: string,
  rules: OutboundRules,
): Promise<Result<FetchedDocument, OutboundFailure>> {
  if (outboundFault(url, rules) !== undefined) return fail({ reason: 'document_address_refused' })
  try {
    const response = await fetchOver(url, {
      headers: { accept: rules.mediaTypes.join(', ') },
      redirect: 'manual',
      signal: AbortSignal.timeout(rules.timeoutMs),
    })
    const refusal = refusalOf(response, rules.mediaTypes)
    if (refusal !== undefined) {
      await response.body?.cancel()
      return fail(refusal)
    }
    const text = await readText(response, rules.bytesMax)
    if (!response.bodyUsed) await response.body?.cancel()
    return text.ok ? ok({ text: text.value, headers: response.headers }) : fail(unreadable(text.failure))
  } catch {
    return fail({ reason: 'document_unreachable' })
  }
}

/** Says in a sentence what keeps this server from sending a request to an address, or undefined when nothing does. */
export function outboundFault(
  text: string,
  rules: Pick<OutboundRules, 'loopbackIsAllowed'>,
): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'must be an absolute URL'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or a password'
  if (url.hash !== '' || text.includes('#')) return 'must not have a fragment'
  const isHttps = url.protocol === 'https:'
  if (rules.loopbackIsAllowed && isLoopbackHost(url.hostname) && (isHttps || url.protocol === 'http:')) {
    return undefined
  }
  return isHttps ? hostFault(url.hostname) : 'must be https'
}

function refusalOf(response: Response, mediaTypes: readonly string[]): OutboundFailure | undefined {
  if (response.status !== 200) return { reason: 'document_status_wrong' }
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return mediaTypes.includes(type) ? undefined : { reason: 'document_type_wrong' }
}

function unreadable(failure: BodyFailure): OutboundFailure {
  switch (failure.reason) {
    case 'body_too_large':
      return { reason: 'document_too_large' }
    case 'body_incomplete':
      return { reason: 'document_unreachable' }
    case 'body_malformed':
    case 'media_type_unsupported':
      return { reason: 'document_malformed' }
  }
}
