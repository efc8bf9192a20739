import type { ApiKeyPorts } from '../apikeys/api-key-verification.ts'
import type { SnapshotFeed, SnapshotView } from '../catalog/snapshot-feed.ts'
import type { PublishedRoute } from '../catalog/snapshot.ts'
import type { HttpContext } from '../http/context.ts'
import type { RateState } from '../http/rate-headers.ts'
import type { ProofPorts } from '../signing/dpop-proof.ts'
import type { VerificationKeys } from '../signing/jwt.ts'
import type { RemoteJwks } from '../signing/remote-jwks.ts'
import type { VerifiedTokens } from '../signing/verified-tokens.ts'

export interface GatewayPorts {
  readonly issuer: string
  readonly feed: SnapshotFeed
  readonly keyRing: VerificationKeys
  readonly verifiedTokens: VerifiedTokens
  /** No object is asked for each request here, so `spentProofs` knows what this isolate has seen. */
  readonly proofs: ProofPorts
  readonly remoteJwks: Pick<RemoteJwks, 'find'>
  /** How API keys are verified; its limiter also counts the bearers of tokens. */
  readonly apiKeys: ApiKeyPorts
  /** The network, as far as upstreams are reached over it. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/** Who calls. A `sub` means something only together with the issuer that gave it. */
export interface Caller {
  readonly kind: 'token' | 'api_key'
  readonly issuer: string
  readonly sub: string
  /** Empty where another issuer names none. */
  readonly client_id: string
  readonly scopes: readonly string[]
  /** How well and when the person behind a token of ours signed in. */
  readonly acr?: string | undefined
  readonly auth_time?: number | undefined
}

/** One request on its way through the steps. What a step finds out, those after it may rely on. */
export interface Exchange {
  readonly c: HttpContext
  readonly view: SnapshotView
  readonly route: PublishedRoute
  /** Path and query as they go to the upstream. */
  readonly target: string
  /** Undefined until authenticated, and on a route that anyone may call. */
  caller: Caller | undefined
  /** Where the caller stands, once that has been counted. */
  rate: RateState | undefined
}

/** Answers, and so ends the exchange, or lets it go on. */
export type Step = (
  exchange: Exchange,
  ports: GatewayPorts,
) => Response | undefined | Promise<Response | undefined>
