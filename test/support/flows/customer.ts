import { expect } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { refreshRetrySeconds } from '../../../src/platform/bounds.ts'
import type { Answer, Send } from '../oauth/answer.ts'
import { newVisit } from '../oauth/visit.ts'
import { travel, type Application, type Visit } from './application.ts'
import { bearer } from './sender.ts'
import type { Tally } from './tally.ts'

/** A grant as an application holds it: nothing is in here that the server has not acknowledged. */
interface HeldGrant {
  readonly code: string
  readonly code_verifier: string
  access_token: string
  refresh_token: string
  readonly spent: { readonly token: string; readonly successor: string; readonly atMs: number }[]
}

/** A request that spends something and has not been answered: it was carried out, or it was not. */
type Pending =
  | { readonly kind: 'code'; readonly code: string; readonly code_verifier: string }
  | { readonly kind: 'refresh_token'; readonly grant: HeldGrant; readonly sentAtMs: number }

export interface CustomerParts {
  readonly send: Send
  readonly application: Application
  readonly user: { readonly email: string; readonly password: string }
  readonly tally: Tally
}

const scope = 'openid read'

/** One password, four sign-ins to the application in all, and three refreshes after each. */
const stepsOfSession = 16
const stepsOfGrant = 4

/** A replay this young is well inside the retry window, and one this old well outside. */
const freshMs = (refreshRetrySeconds - 10) * 1000
export const staleMs = (refreshRetrySeconds + 2) * 1000

const invalidGrant = { status: 400, body: { error: 'invalid_grant' } }

/** A person with browser and application at a server that may be killed, who remembers what was acknowledged. */
export class Customer {
  readonly #parts: CustomerParts
  readonly #visits: Visit[] = []
  readonly #grants: HeldGrant[] = []
  #steps = 0
  #pending: Pending | undefined

  constructor(parts: CustomerParts) {
    this.#parts = parts
  }

  /** Does the next thing, and says whether it was acknowledged. Only a connection that breaks is no acknowledgement. */
  async step(): Promise<boolean> {
    try {
      await this.#next()
    } catch (error) {
      if (error instanceof TypeError) return false
      throw error
    }
    this.#steps += 1
    this.#parts.tally.add('acknowledged')
    return true
  }

  async #next(): Promise<void> {
    const visit = this.#visits.at(-1)
    const grant = this.#grants.at(-1)
    if (visit === undefined || this.#steps % stepsOfSession === 0)
      return this.#signIn(newVisit(this.#parts.send))
    if (grant === undefined || this.#steps % stepsOfGrant === 0) return this.#signIn(visit)
    return this.#refresh(grant)
  }

  async #signIn(visit: Visit): Promise<void> {
    const { application, user, tally } = this.#parts
    const trip = application.beginTrip(scope)
    const isKnown = this.#visits.includes(visit)
    const arrival = isKnown ? await visit.open(trip.path) : await travel(visit, trip.path, user)
    const code = application.readArrival(arrival, trip)
    if (!isKnown) this.#visits.push(visit)
    const { code_verifier } = trip
    this.#pending = { kind: 'code', code, code_verifier }
    this.#hold(code, code_verifier, await application.redeem(code, code_verifier))
    tally.add(isKnown ? 'signed in by session' : 'signed in by password')
  }

  #hold(code: string, code_verifier: string, { status, body }: Answer): void {
    this.#pending = undefined
    expect({ status, body }).toMatchObject({ status: 200 })
    const { access_token, refresh_token } = textsOf(body)
    this.#grants.push({ code, code_verifier, access_token, refresh_token, spent: [] })
  }

  async #refresh(grant: HeldGrant): Promise<void> {
    this.#pending = { kind: 'refresh_token', grant, sentAtMs: Date.now() }
    const { status, body } = await this.#parts.application.refresh(grant.refresh_token)
    this.#pending = undefined
    expect({ status, body }).toMatchObject({ status: 200 })
    const { access_token, refresh_token } = textsOf(body)
    grant.spent.push({ token: grant.refresh_token, successor: refresh_token, atMs: Date.now() })
    Object.assign(grant, { access_token, refresh_token })
    this.#parts.tally.add('refreshed')
  }

  /** After a restart: what was spent last is still spent, and what was under way is done or can be done. */
  async recover(): Promise<void> {
    const grant = this.#grants.at(-1)
    if (grant !== undefined) await this.#replayNewestSpent(grant)
    await this.#retryPending()
  }

  /**
   * Presents the token that was spent last. Had the kill undone the spending, this would be a first use, and its successor
   * another than the one that was acknowledged.
   */
  async #replayNewestSpent(grant: HeldGrant): Promise<void> {
    const spent = grant.spent.at(-1)
    if (spent === undefined || Date.now() - spent.atMs > freshMs) return
    const { status, body } = await this.#parts.application.refresh(spent.token)
    const mayBeOvertaken = this.#pending?.kind === 'refresh_token'
    if (mayBeOvertaken && status === 400) return this.#parts.tally.add('replays overtaken by a lost answer')
    expect({ status, refresh_token: body.refresh_token }).toEqual({
      status: 200,
      refresh_token: spent.successor,
    })
    this.#parts.tally.add('replays that gave the same successor')
  }

  async #retryPending(): Promise<void> {
    const pending = this.#pending
    if (pending === undefined) return
    const { application, tally } = this.#parts
    if (pending.kind === 'refresh_token') {
      const awayMs = Date.now() - pending.sentAtMs
      assert(awayMs < refreshRetrySeconds * 1000, `the server is back within the window, got ${awayMs} ms`)
      await this.#refresh(pending.grant)
      return tally.add('lost answers to a refresh, had by a retry')
    }
    const { code, code_verifier } = pending
    const answer = await application.redeem(code, code_verifier)
    this.#pending = undefined
    if (answer.status === 200) {
      this.#hold(code, code_verifier, answer)
      return tally.add('lost answers to a code that was not spent')
    }
    expect(answer).toMatchObject(invalidGrant)
    tally.add('lost answers to a code that was spent')
  }

  /** Spends the newest code once more, just after a restart, and gives up its grant for it. */
  async giveUpNewest(): Promise<void> {
    const grant = this.#grants.pop()
    if (grant !== undefined) await this.#replayCode(grant)
  }

  /** Everything that was acknowledged is there: sessions, grants, the newest tokens of each. */
  async proveNothingLost(): Promise<void> {
    const { send, tally } = this.#parts
    for (const visit of this.#visits) {
      expect((await visit.open('/account')).text).toContain('Your account')
      tally.add('sessions found alive')
    }
    for (const grant of this.#grants) {
      expect((await send('/oauth/userinfo', bearer(grant.access_token))).status).toBe(200)
      const answer = await this.#parts.application.refresh(grant.refresh_token)
      expect(answer).toMatchObject({ status: 200 })
      grant.refresh_token = textsOf(answer.body).refresh_token
      tally.add('grants found alive')
    }
  }

  /** Nothing spent works twice, at any age. Each proof ends its grant, so each grant serves for one. */
  async proveNothingTwice(): Promise<void> {
    for (const [index, grant] of this.#grants.entries()) {
      const stale = grant.spent.find(({ atMs }) => Date.now() - atMs > staleMs)
      if (index % 2 === 1 || stale === undefined) await this.#replayCode(grant)
      else await this.#replayStale(grant, stale.token)
    }
  }

  async #replayStale(grant: HeldGrant, token: string): Promise<void> {
    expect(await this.#parts.application.refresh(token)).toMatchObject(invalidGrant)
    await this.#proveOver(grant)
    this.#parts.tally.add('tokens spent long ago that ended their grant')
  }

  /** The code has also expired by now, perhaps; that its grant ends shows that it is known to be spent. */
  async #replayCode(grant: HeldGrant): Promise<void> {
    const { application, tally } = this.#parts
    expect(await application.redeem(grant.code, grant.code_verifier)).toMatchObject(invalidGrant)
    await this.#proveOver(grant)
    tally.add('spent codes that ended their grant')
  }

  async #proveOver({ access_token, refresh_token }: HeldGrant): Promise<void> {
    const { application, send } = this.#parts
    expect(await application.refresh(refresh_token)).toMatchObject(invalidGrant)
    expect((await send('/oauth/userinfo', bearer(access_token))).status).toBe(401)
  }
}

function textsOf({ access_token, refresh_token }: Answer['body']) {
  return { access_token: String(access_token), refresh_token: String(refresh_token) }
}
