import { Hono } from 'hono'

import type { HttpContext, HttpEnv } from '../http/context.ts'
import { outboundFault } from '../http/outbound.ts'
import { refuse } from '../http/refusal.ts'
import { epochSeconds } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { Secret } from '../platform/secret.ts'
import { serveToBearer } from '../signing/bearer.route.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import {
  listIdentityProviders,
  putIdentityProvider,
  removeIdentityProvider,
} from './identity-provider.contract.ts'
import type { PublicProvider } from './identity-provider.store.ts'
import type { IdentityProvider } from './identity-provider.ts'

export interface IdentityProviderPorts {
  readonly bearer: BearerPorts
  readonly loopbackIsAllowed: boolean
  readonly identityProviders: {
    list(): Promise<readonly PublicProvider[]>
    find(provider_id: string): Promise<IdentityProvider | undefined>
    put(provider: IdentityProvider): Promise<boolean>
    remove(provider_id: string): Promise<boolean>
  }
}

const NO_STORE = { 'cache-control': 'no-store' } as const

/** The management of identity providers, for bearers of the scope `manage`. */
export function identityProviderRoutes(ports: IdentityProviderPorts): Hono<HttpEnv> {
  const { bearer, identityProviders } = ports
  const app = new Hono<HttpEnv>()
  serveToBearer(app, putIdentityProvider, bearer, async ({ params: { provider_id }, body, claims }, c) => {
    const fault = outboundFault(body.issuer, ports)
    if (fault !== undefined) return refuseIssuer(c, fault)
    const now = epochSeconds(c.var.facts.now)
    const { client_secret, ...document } = body
    const known = await identityProviders.find(provider_id)
    const provider = { provider_id, ...document, created_at: known?.created_at ?? now, updated_at: now }
    const isWritten = await identityProviders.put({ ...provider, client_secret: new Secret(client_secret) })
    if (!isWritten) return refuse(c, 'version_conflict', { facts: { issuer: body.issuer } })
    noteChange(c, 'identity_provider_put', provider_id, claims.sub)
    return c.json(provider, 200, NO_STORE)
  })
  serveToBearer(app, listIdentityProviders, bearer, async (_, c) =>
    c.json({ items: await identityProviders.list() }, 200, NO_STORE),
  )
  serveToBearer(app, removeIdentityProvider, bearer, async ({ params: { provider_id }, claims }, c) => {
    if (!(await identityProviders.remove(provider_id))) return refuse(c, 'not_found')
    noteChange(c, 'identity_provider_removed', provider_id, claims.sub)
    return new Response(null, { status: 204, headers: NO_STORE })
  })
  return app
}

function refuseIssuer(c: HttpContext, message: string): Response {
  return refuse(c, 'document_invalid', { faults: [{ pointer: '/body/issuer', message }] })
}

function noteChange(c: HttpContext, event: string, provider_id: string, by: string): void {
  log('info', event, { provider_id, by, request_id: c.var.facts.request_id })
}
