import type { CatalogDocument } from './catalog.contract.ts'

export type PublishedResource = CatalogDocument['resources'][number]

/**
 * The APIs that have tokens of their own.
 *
 * A route belongs to the resource whose path it lies below, so that none can be left out by mistake when it is added.
 */
export class PublishedResources {
  readonly #byIdentifier: ReadonlyMap<string, PublishedResource>
  readonly #issuer: string

  constructor(resources: readonly PublishedResource[], issuer: string) {
    this.#byIdentifier = new Map(resources.map((published) => [published.resource, published]))
    this.#issuer = issuer
  }

  find(resource: string): PublishedResource | undefined {
    return this.#byIdentifier.get(resource)
  }

  /** Whether a token can be asked for it: a published API, or the gateway as a whole. */
  has(resource: string): boolean {
    return resource === this.#issuer || this.#byIdentifier.has(resource)
  }

  /** The resource that a template of a route lies below; the longest, where one lies below another. */
  above(path: string): PublishedResource | undefined {
    if (this.#byIdentifier.size === 0) return undefined
    const segments = path.split('/')
    for (let length = segments.length; length > 1; length -= 1) {
      const found = this.find(`${this.#issuer}${segments.slice(0, length).join('/')}`)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Whether a client is the API behind one of these identifiers. */
  isServedBy(client_id: string, audience: readonly string[]): boolean {
    return audience.some((resource) => this.find(resource)?.client_id === client_id)
  }
}
