import type { StandardClaims } from '../src/accounts/standard-claims.contract.ts'
import { CatalogDocument } from '../src/catalog/catalog.contract.ts'
import { ClientMetadataSchema, type ClientMetadata } from '../src/clients/metadata.contract.ts'

/** What the demo is made of. The names are those of the guides that the demo lets one try. */

interface DemoPerson {
  readonly account_id: string
  readonly email: string
  readonly claims: StandardClaims
}

export const people: readonly DemoPerson[] = [
  {
    account_id: 'alice',
    email: 'alice@example.com',
    claims: {
      name: 'Alice Wonder',
      given_name: 'Alice',
      middle_name: 'Liddell',
      family_name: 'Wonder',
      nickname: 'Al',
      preferred_username: 'alice',
      profile: 'https://example.com/alice',
      picture: 'https://example.com/alice.png',
      website: 'https://alice.example.com',
      gender: 'female',
      birthdate: '1990-05-04',
      zoneinfo: 'Europe/London',
      locale: 'en-GB',
      address: {
        formatted: '1 Rabbit Hole\nOxford OX1 1DP\nUnited Kingdom',
        street_address: '1 Rabbit Hole',
        locality: 'Oxford',
        region: 'Oxfordshire',
        postal_code: 'OX1 1DP',
        country: 'GB',
      },
      phone_number: '+44 1865 000000',
      phone_number_verified: true,
    },
  },
  {
    account_id: 'mallory',
    email: 'mallory@example.com',
    claims: { name: 'Mallory Smith', given_name: 'Mallory', family_name: 'Smith' },
  },
]

interface DemoClient {
  readonly client_id: string
  readonly metadata: ClientMetadata
}

export const service_scope = 'read write read:profile read:users authorize'

/** `spaCallback` is where the demo application waits for its code; its port may differ between starts. */
export function demoClients(spaCallback: string): readonly DemoClient[] {
  return [
    service('operator', 'Demo operator', 'manage authorize introspect'),
    service('service', 'Demo service', service_scope),
    service('resource_server', 'Demo resource server', 'introspect'),
    {
      client_id: 'spa',
      metadata: ClientMetadataSchema.parse({
        redirect_uris: [spaCallback],
        post_logout_redirect_uris: [],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        client_name: 'Demo application',
        scope: 'openid profile email address phone offline_access read write read:profile read:users',
      }),
    },
  ]
}

function service(client_id: string, client_name: string, scope: string): DemoClient {
  const metadata = ClientMetadataSchema.parse({
    redirect_uris: [],
    post_logout_redirect_uris: [],
    grant_types: ['client_credentials'],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_any',
    client_name,
    scope,
  })
  return { client_id, metadata }
}

export interface DemoOrigins {
  readonly upstream: string
  readonly spa: string
}

const upstream_name = 'demo'

/** What the demo publishes: the demo API, for API keys and our own tokens, callable from the demo application. */
export function demoCatalog(origins: DemoOrigins): CatalogDocument {
  const published = {
    upstream: upstream_name,
    authentication: { api_key: true, tokens: true },
    allowed_origins: [origins.spa],
  }
  return CatalogDocument.parse({
    upstreams: [{ name: upstream_name, origin: origins.upstream }],
    routes: [
      { ...published, method: 'GET', path: '/api/users', scopes: ['read', 'read:users'] },
      { ...published, method: 'GET', path: '/api/users/{id}', scopes: ['read', 'read:users'] },
      { ...published, method: 'POST', path: '/api/users', scopes: ['write'] },
      { ...published, method: 'GET', path: '/me', scopes: ['read:profile'] },
    ],
    plans: [{ name: 'races', requests_per_second: 10_000, token_requests_per_minute: 100_000 }],
  })
}

/** The same catalogue with the ports of this start; whatever else an operator has published stays. */
export function withOrigins(document: CatalogDocument, origins: DemoOrigins): CatalogDocument {
  return {
    ...document,
    upstreams: document.upstreams.map((upstream) =>
      upstream.name === upstream_name ? { ...upstream, origin: origins.upstream } : upstream,
    ),
    routes: document.routes.map((route) =>
      route.upstream === upstream_name ? { ...route, allowed_origins: [origins.spa] } : route,
    ),
  }
}
