import { openDb } from '../../../../src/db/client.ts'
import { identityProviderStore } from '../../../../src/federation/identity-provider.store.ts'
import { assert } from '../../../../src/platform/assert.ts'
import { randomId, systemRandom } from '../../../../src/platform/random.ts'
import { Secret } from '../../../../src/platform/secret.ts'
import { readSettings } from '../../../../src/settings.ts'
import type { TestServer } from '../../server.ts'
import { newApplication, requestOf } from './application.ts'
import { open, openSignedIn, press, type PageState, type Stage } from './stage.ts'

const PROVIDERS = '/account/providers'

/** States of a deployment that works with other providers: see `addProviders`. */
export const providerStates: readonly PageState[] = [
  {
    name: 'sign-in, with providers',
    show: async (stage) => open(stage, requestOf(await newApplication(stage))),
  },
  { name: 'account, with providers', show: (stage) => openSignedIn(stage, '/account') },
  { name: 'providers', show: (stage) => openSignedIn(stage, PROVIDERS) },
  {
    name: 'a provider, leaving for it',
    async show(stage) {
      await openSignedIn(stage, PROVIDERS)
      await stage.page.route('**/oauth/authorize?**', (route) => route.fulfill({ status: 204 }))
      await press(stage, 'main form button')
    },
  },
  { name: 'a provider, the question', show: backFromProvider },
  {
    name: 'providers, one connected',
    async show(stage) {
      await backFromProvider(stage)
      await press(stage, 'main form button')
    },
  },
  { name: 'a provider that is not known', show: (stage) => open(stage, '/sign-in/provider/nobody') },
  { name: 'an answer that nobody waits for', show: (stage) => open(stage, '/sign-in/callback?state=theirs') },
]

async function backFromProvider(stage: Stage): Promise<void> {
  await openSignedIn(stage, PROVIDERS)
  const back = stage.page.waitForURL('**/sign-in/callback?**')
  await stage.page.locator('main form button').first().click()
  await back
}

/** Lets people sign in through two providers. The first of them is the server itself, so that it answers. */
export async function addProviders(server: TestServer): Promise<void> {
  const settings = readSettings(server.bindings)
  assert(settings.ok, 'a server that runs has settings')
  const { upstreamSeal } = settings.value.keys
  const client_secret = randomId(systemRandom)
  const client_id = await newApplication(
    { server },
    {
      metadata: {
        redirect_uris: [`${server.url}/sign-in/callback`],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      client_secret,
      first_party: true,
    },
  )
  const providers = identityProviderStore(openDb(server.database), upstreamSeal, systemRandom)
  const provider = {
    client_id,
    client_secret: new Secret(client_secret),
    scope: 'openid email profile',
    makes_accounts: false,
    created_at: 0,
    updated_at: 0,
  }
  await providers.put({
    ...provider,
    provider_id: 'acme',
    issuer: server.url,
    display_name: 'Acme',
  })
  await providers.put({
    ...provider,
    provider_id: 'consortium',
    issuer: 'https://login.example',
    display_name: 'Consortium of United Universities',
  })
}
