import { Hono } from 'hono'

import type { Client } from '../../clients/client.ts'
import type { Connection } from '../../grants/connection.ts'
import type { GrantsVault } from '../../grants/grants-vault.ts'
import type { RevocationKind } from '../../grants/revocations.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { outageWords } from '../../http/refusal.words.ts'
import { serve } from '../../http/serve.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { fromStorage } from '../../oauth/storage.ts'
import { accessTokenTtlSeconds } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { viewClient } from '../consent/client-view.ts'
import { disconnectApp, showConnectedApps } from './connected-apps.contract.ts'
import { connectedAppsPage, type ConnectedApp } from './connected-apps.page.tsx'
import { halfDisconnectedWords } from './connected-apps.words.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { signInPath } from '../return-path.ts'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

export interface ConnectedAppsPorts extends VisitorPorts {
  readonly formMac: Uint8Array
  readonly vault: Pick<GrantsVault, 'listConnections' | 'disconnect'>
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
  /** What this isolate knows to be revoked; the vault tells the others. */
  readonly revoked: { add(kind: RevocationKind, id: string, expires_at: number): void }
}

const RETRY = { 'retry-after': '1' } as const

/** The applications that may use somebody's account, and the end of each. The account is always the visitor's own. */
export function connectedAppsRoutes(ports: ConnectedAppsPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showConnectedApps, async (_, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    return visitor === undefined ? leadToSignIn() : show(visitor, false, c, ports)
  })
  serve(app, disconnectApp, async ({ body }, c) => {
    const { now: nowMs } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    if (visitor === undefined) return leadToSignIn()
    const isOurs = verifyFormToken(body.form_token, useOf(visitor), ports.formMac, nowMs)
    return isOurs ? disconnect(visitor, body.client_id, c, ports) : show(visitor, true, c, ports)
  })
  return app
}

/** Says that it is done when every isolate can know, and not when only the vault does. */
async function disconnect(
  { account }: SignedIn,
  client_id: string,
  c: HttpContext,
  ports: ConnectedAppsPorts,
): Promise<Response> {
  const ended = await fromStorage('disconnect', () => ports.vault.disconnect(account.vault_id, client_id))
  if (!ended.ok) return refusalPage(c, { status: 503, words: outageWords, headers: RETRY })
  const { grant_ids, isAnnounced } = ended.value
  const expires_at = epochSeconds(c.var.facts.now) + accessTokenTtlSeconds
  for (const grant_id of grant_ids) ports.revoked.add('grant', grant_id, expires_at)
  return isAnnounced
    ? redirectTo(showConnectedApps.path)
    : refusalPage(c, { status: 503, words: halfDisconnectedWords, headers: RETRY })
}

async function show(
  visitor: SignedIn,
  isStale: boolean,
  c: HttpContext,
  ports: ConnectedAppsPorts,
): Promise<Response> {
  const { now: nowMs } = c.var.facts
  const listed = await fromStorage('list connections', () =>
    ports.vault.listConnections(visitor.account.vault_id),
  )
  if (!listed.ok) return refusalPage(c, { status: 503, words: outageWords, headers: RETRY })
  return connectedAppsPage({
    locale: localeOf(c),
    form_token: issueFormToken(useOf(visitor), ports.formMac, nowMs),
    apps: await Promise.all(listed.value.map((connection) => nameApp(connection, nowMs, ports))),
    isStale,
  })
}

/** A client that was removed meanwhile is shown by its identifier: what it was given may still work. */
async function nameApp(
  connection: Connection,
  nowMs: number,
  { findClient }: ConnectedAppsPorts,
): Promise<ConnectedApp> {
  const client = await findClient(connection.client_id, nowMs)
  return { ...connection, name: client === undefined ? connection.client_id : viewClient(client).name }
}

function leadToSignIn(): Response {
  return redirectTo(signInPath(showConnectedApps.path))
}

function useOf({ session }: SignedIn): FormUse {
  return { form: 'disconnect', holder: session.sid, about: session.account_id }
}
