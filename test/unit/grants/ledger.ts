import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import type { AuthorizeCommand, RefreshCommand } from '../../../src/grants/grants-vault.ts'
import { NodeStorage } from '../../support/grants/node-storage.ts'

export const NOW = 1_800_000_000

export const authorization: AuthorizeCommand = {
  grant_id: 'grant',
  code_digest: 'code',
  consent: 'given',
  bindings: {
    client_id: 'spa',
    redirect_uri: 'https://app.example/cb',
    code_challenge: 'challenge',
    account_id: 'alice',
    sub: 'alice',
    sid: 'sid',
    scope: 'openid read',
    nonce: 'nonce',
    auth_time: NOW - 5,
    amr: ['pwd'],
    resource: ['https://api.example'],
    claims: null,
    dpop_jkt: null,
  },
}

export const redemption = {
  code_digest: 'code',
  client_id: 'spa',
  redirect_uri: 'https://app.example/cb',
  code_challenge: 'challenge',
  dpop_jkt: null,
  resource: null,
  refresh: { digest: 'first', dpop_jkt: null },
}

export function ledgerAfter(...steps: ('authorize' | 'redeem')[]) {
  const storage = new NodeStorage()
  const ledger = new GrantsLedger(storage)
  if (steps.includes('authorize')) ledger.authorize(authorization, NOW * 1000)
  if (steps.includes('redeem')) ledger.redeemCode(redemption, NOW * 1000)
  return { storage, ledger }
}

export function refreshOf(token_digest: string, successor: string | null): RefreshCommand {
  return {
    token_digest,
    client_id: 'spa',
    dpop_jkt: null,
    scope: null,
    resource: null,
    successor: successor === null ? null : { digest: successor, sealed: `${successor} sealed` },
  }
}
