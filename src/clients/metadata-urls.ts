import { outboundFault } from '../http/outbound.ts'
import { isLoopbackHost } from '../http/public-host.ts'
import type { ClientMetadata } from './metadata.contract.ts'

/** Says what is wrong with the URLs that are no redirect URIs, or undefined. */
export function faultInUrls(metadata: ClientMetadata, loopbackIsAllowed: boolean): string | undefined {
  return (
    faultInFetched(metadata, loopbackIsAllowed) ??
    faultInVisited(metadata, loopbackIsAllowed) ??
    faultInFrames(metadata)
  )
}

/** URLs that this server will ask: none of them may lead to where only this server can reach. */
function faultInFetched(metadata: ClientMetadata, loopbackIsAllowed: boolean): string | undefined {
  const { jwks_uri, sector_identifier_uri, backchannel_logout_uri, request_uris = [] } = metadata
  for (const [name, url] of Object.entries({ jwks_uri, sector_identifier_uri, backchannel_logout_uri })) {
    const fault = url === undefined ? undefined : outboundFault(url, { loopbackIsAllowed })
    if (fault !== undefined) return `${name} ${fault}`
  }
  for (const uri of request_uris) {
    // A fragment may hold the digest of what is there (OpenID Connect Core 1.0 §6.2.1); it is not sent.
    const fault = outboundFault(uri.split('#', 1)[0] ?? '', { loopbackIsAllowed })
    if (fault !== undefined) return `request_uris ${fault}`
  }
  return undefined
}

/** URLs that a browser will be sent to. Where it can reach is its owner's business. */
function faultInVisited(metadata: ClientMetadata, loopbackIsAllowed: boolean): string | undefined {
  const { frontchannel_logout_uri, initiate_login_uri } = metadata
  for (const [name, text] of Object.entries({ frontchannel_logout_uri, initiate_login_uri })) {
    const url = text === undefined ? undefined : URL.parse(text)
    if (url === undefined) continue
    const isWeb = url?.protocol === 'https:' || (loopbackIsAllowed && isLoopbackHost(url?.hostname ?? ''))
    if (!isWeb) return `${name} must be https`
    if (url?.username !== '' || url.password !== '') return `${name} must not carry a user name or a password`
  }
  return undefined
}

/**
 * A frame that is loaded at sign-out belongs to one of the client's own origins.
 *
 * @see OpenID Connect Front-Channel Logout 1.0 §2
 */
function faultInFrames({ frontchannel_logout_uri, redirect_uris }: ClientMetadata): string | undefined {
  if (frontchannel_logout_uri === undefined) return undefined
  const origin = URL.parse(frontchannel_logout_uri)?.origin
  return redirect_uris.some((uri) => URL.parse(uri)?.origin === origin)
    ? undefined
    : 'frontchannel_logout_uri must have the scheme, host and port of one of redirect_uris'
}
