import type { PublishedResources } from '../../catalog/published-resources.ts'
import type { Client } from '../../clients/client.ts'
import type { RequestFacts } from '../../http/context.ts'

/** Who redeems something for tokens, and what they have shown of themselves. */
export interface Redeemer {
  readonly client: Client
  /** Thumbprint of the key that the request has proved to hold (RFC 9449 §5), if it came with a proof. */
  readonly dpop_jkt: string | undefined
  readonly facts: RequestFacts
}

export interface ResourcePorts {
  /** What is published, from memory; undefined before it could be read at all. */
  readonly resources: (facts: RequestFacts) => Promise<PublishedResources | undefined>
}
