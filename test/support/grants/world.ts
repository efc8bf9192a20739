import { expect } from 'vitest'

import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import type { AuthorizeCommand, RefreshCommand } from '../../../src/grants/grants-vault.ts'
import { sweep } from '../../../src/grants/ledger-sweep.ts'
import { redeemWord, refreshWord } from './answers.ts'
import { Killed, type NodeStorage } from './node-storage.ts'
import { Oracle } from './oracle.ts'

export type Step =
  | { readonly do: 'wait'; readonly seconds: number }
  | {
      readonly do: 'authorize'
      readonly client: string
      readonly scope: string
      readonly consent: AuthorizeCommand['consent']
    }
  | { readonly do: 'redeem'; readonly pick: number; readonly flaw: CodeFlaw; readonly refreshable: boolean }
  | {
      readonly do: 'refresh'
      readonly pick: number
      readonly flaw: 'none' | 'client'
      readonly scope: RefreshCommand['scope']
      readonly rotates: boolean
    }
  | { readonly do: 'inspect' | 'revoke' | 'revokeOfAnother'; readonly pick: number }
  | { readonly do: 'disconnect'; readonly client: string }
  | { readonly do: 'sweep' | 'restart' }

export type CodeFlaw = 'none' | 'client' | 'redirect_uri' | 'verifier'

interface Issued {
  readonly digest: string
  readonly grant_id: string
  readonly client_id: string
}

const REDIRECT_URI = 'https://app.example/callback'

/** One account's ledger and the oracle side by side: every step is taken by both, and both must say the same. */
export class World {
  readonly #storage: NodeStorage
  readonly #oracle = new Oracle()
  #ledger: GrantsLedger
  #now = 1_800_000_000
  #minted = 0
  readonly #codes: Issued[] = []
  readonly #tokens: Issued[] = []

  constructor(storage: NodeStorage) {
    this.#storage = storage
    this.#ledger = new GrantsLedger(storage)
    storage.clear()
  }

  /**
   * Takes a step. With `dieBefore`, the process dies before that statement of it: then nothing of the step may have
   * happened, and whoever asked was told nothing.
   */
  take(step: Step, dieBefore: number | undefined): void {
    if (dieBefore !== undefined) this.#storage.dieBeforeStatement(dieBefore)
    try {
      this.#take(step)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      this.#storage.revive()
      this.#ledger = new GrantsLedger(this.#storage)
    } finally {
      this.#storage.revive()
    }
    this.#checkInvariants()
  }

  #take(step: Step): void {
    switch (step.do) {
      case 'wait':
        this.#now += step.seconds
        return
      case 'authorize':
        return this.#authorize(step)
      case 'redeem':
        return this.#redeem(step)
      case 'refresh':
        return this.#refresh(step)
      case 'inspect':
      case 'revoke':
      case 'revokeOfAnother':
        return this.#touch(step)
      case 'disconnect':
        this.#ledger.disconnect(step.client, this.#nowMs)
        return this.#oracle.disconnect(step.client, this.#now)
      case 'sweep':
        sweep(this.#storage, this.#now)
        return this.#oracle.sweep(this.#now)
      case 'restart':
        this.#ledger = new GrantsLedger(this.#storage)
    }
  }

  #authorize({ client, scope, consent }: Extract<Step, { do: 'authorize' }>): void {
    const minted = { digest: this.#mint('code'), grant_id: this.#mint('grant'), client_id: client }
    const command = {
      grant_id: minted.grant_id,
      code_digest: minted.digest,
      consent,
      bindings: {
        client_id: client,
        redirect_uri: REDIRECT_URI,
        code_challenge: `challenge of ${minted.digest}`,
        account_id: 'alice',
        sub: 'alice',
        sid: 'sid',
        scope,
        nonce: null,
        auth_time: this.#now,
        amr: ['pwd'],
        resource: [],
        claims: null,
        dpop_jkt: null,
      },
    }
    const { outcome } = this.#ledger.authorize(command, this.#nowMs)
    expect(outcome).toBe(this.#oracle.authorize(command, this.#now))
    if (outcome === 'issued') this.#codes.push(minted)
  }

  #redeem({ pick, flaw, refreshable }: Extract<Step, { do: 'redeem' }>): void {
    const code = newest(this.#codes, pick)
    if (code === undefined) return
    const refresh_digest = refreshable ? this.#mint('token') : null
    const command = {
      code_digest: code.digest,
      client_id: flaw === 'client' ? 'another' : code.client_id,
      redirect_uri: flaw === 'redirect_uri' ? `${REDIRECT_URI}?x=1` : REDIRECT_URI,
      code_challenge: flaw === 'verifier' ? 'challenge of another' : `challenge of ${code.digest}`,
      dpop_jkt: null,
      resource: null,
      refresh: refresh_digest === null ? null : { digest: refresh_digest, dpop_jkt: null },
    }
    const word = redeemWord(this.#ledger, command, this.#nowMs)
    expect(word).toBe(this.#oracle.redeemCode(command, this.#now))
    if (word === 'granted' && refresh_digest !== null) this.#tokens.push({ ...code, digest: refresh_digest })
  }

  #refresh({ pick, flaw, scope, rotates }: Extract<Step, { do: 'refresh' }>): void {
    const token = newest(this.#tokens, pick)
    if (token === undefined) return
    const candidate = this.#mint('token')
    const command = {
      token_digest: token.digest,
      client_id: flaw === 'client' ? 'another' : token.client_id,
      dpop_jkt: null,
      scope,
      resource: null,
      successor: rotates ? { digest: candidate, sealed: `${candidate} under ${token.digest}` } : null,
    }
    const word = refreshWord(this.#ledger, command, this.#nowMs)
    expect(word).toBe(this.#oracle.refresh(command, this.#now))
    if (word === 'taken') this.#tokens.push({ ...token, digest: candidate })
  }

  #touch(step: { readonly do: 'inspect' | 'revoke' | 'revokeOfAnother'; readonly pick: number }): void {
    const token = newest(this.#tokens, step.pick)
    if (token === undefined) return
    if (step.do === 'inspect') {
      const live = this.#ledger.inspectRefreshToken(token.digest, this.#nowMs)
      expect(live === undefined ? 'inactive' : 'active').toBe(this.#oracle.inspect(token.digest, this.#now))
      return
    }
    const client_id = step.do === 'revoke' ? token.client_id : 'another'
    const command = { token_digest: token.digest, client_id }
    const revoked = this.#ledger.revokeRefreshToken(command, this.#nowMs)
    expect(revoked?.grant_id ?? 'nothing').toBe(this.#oracle.revoke(command, this.#now))
  }

  #checkInvariants(): void {
    const forks =
      'SELECT grant_id FROM refresh_tokens WHERE spent_at IS NULL GROUP BY grant_id HAVING COUNT(*) > 1'
    expect(this.#storage.all(forks)).toEqual([])
    const listed = this.#ledger.listConnections(this.#nowMs)
    const scopes = listed.map(({ client_id, scope }) => [client_id, scope.toSorted()])
    expect(Object.fromEntries(scopes)).toEqual(this.#oracle.connections(this.#now))
    const unsent = this.#storage.all('SELECT grant_id FROM unsent_revocations').map((row) => row['grant_id'])
    expect(unsent).toEqual(expect.arrayContaining([...this.#oracle.endedGrants()]))
  }

  get #nowMs(): number {
    return this.#now * 1000
  }

  #mint(what: string): string {
    this.#minted += 1
    return `${what} ${this.#minted}`
  }
}

/** Counts from the newest, where the races are. */
function newest(issued: readonly Issued[], pick: number): Issued | undefined {
  return issued[issued.length - 1 - (pick % issued.length)]
}
