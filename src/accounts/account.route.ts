import { Hono } from 'hono'

import type { HttpEnv } from '../http/context.ts'
import { refuse } from '../http/refusal.ts'
import { epochSeconds } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { randomId, type Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'
import { serveToBearer } from '../signing/bearer.route.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import { createAccount } from './account.contract.ts'
import { canonicalEmail, type Account } from './account.ts'

export interface AccountRoutePorts {
  readonly bearer: BearerPorts
  readonly random: Random
  readonly accounts: {
    /** Answers whether it was added; false for an address that somebody has already. */
    add(account: Account, password_phc: string): Promise<boolean>
  }
  hashPassword(password: Secret, random: Random): Promise<string>
}

/** The management of accounts, for bearers of the scope `manage`; people make their own on the pages of sign-up. */
export function accountManagementRoutes(ports: AccountRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serveToBearer(app, createAccount, ports.bearer, async ({ body, claims: bearer }, c) => {
    const { now: nowMs, request_id } = c.var.facts
    const { password, email, ...rest } = body
    const now = epochSeconds(nowMs)
    const account: Account = {
      ...rest,
      email: canonicalEmail(email),
      account_id: randomId(ports.random),
      vault_id: randomId(ports.random),
      created_at: now,
      updated_at: now,
    }
    const password_phc = await ports.hashPassword(new Secret(password), ports.random)
    if (!(await ports.accounts.add(account, password_phc))) return refuse(c, 'account_exists')
    const { account_id, created_at } = account
    log('info', 'account_created', { account_id, by: bearer.sub, client_id: bearer.client_id, request_id })
    return Response.json(
      { account_id, email: account.email, created_at },
      { status: 201, headers: { 'cache-control': 'no-store' } },
    )
  })
  return app
}
