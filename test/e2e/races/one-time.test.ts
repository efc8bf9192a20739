import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { newApplication, signIn, travel, type Application } from '../../support/flows/application.ts'
import { putOnPlan } from '../../support/flows/plan.ts'
import { bearer, form, json, newSender } from '../../support/flows/sender.ts'
import type { Answer, Send } from '../../support/oauth/answer.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

const times = 200
const timeout = 60_000
const scope = 'openid read'

let server: TestServer
let send: Send
let application: Application

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
  await putOnPlan(send, server.demo.operator, server.demo.spa.client_id, 'races')
  application = newApplication(send, server.demo.spa)
})

afterAll(() => server.close())

async function newCode() {
  const trip = application.beginTrip(scope)
  const arrival = await travel(newVisit(send), trip.path, server.demo.user)
  return { code: application.readArrival(arrival, trip), code_verifier: trip.code_verifier }
}

async function inParallel(ask: () => Promise<Answer>): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: times }, ask))
}

function admitted(answers: readonly Answer[]): readonly Answer[] {
  return answers.filter(({ status }) => status === 200)
}

function refusals(answers: readonly Answer[]): readonly unknown[] {
  return answers
    .filter(({ status }) => status !== 200)
    .map(({ status, body }) => ({ status, error: body.error }))
}

async function anotherApplication(): Promise<Application> {
  const redirect_uri = 'https://thief.example/callback'
  const grant_types = ['authorization_code', 'refresh_token']
  const metadata = { redirect_uris: [redirect_uri], grant_types, token_endpoint_auth_method: 'none' }
  const { body } = await send('/oauth/register', json(metadata))
  const client_id = String(body.client_id)
  await putOnPlan(send, server.demo.operator, client_id, 'races')
  return newApplication(send, { client_id, redirect_uri })
}

async function isActive(token: unknown): Promise<unknown> {
  const { client_id, client_secret } = server.demo.resource_server
  const { body } = await send('/oauth/introspect', form({ token: String(token), client_id, client_secret }))
  return body.active
}

const invalidGrant = { status: 400, error: 'invalid_grant' }

describe('200 parallel redemptions of one code', () => {
  /** RFC 6749 §4.1.2: the second presentation tells of a theft, so what the first obtained is over. */
  test('have one success, whose tokens have then ended', { timeout }, async () => {
    const { code, code_verifier } = await newCode()
    const answers = await inParallel(() => application.redeem(code, code_verifier))
    expect(refusals(answers)).toEqual(Array.from({ length: times - 1 }, () => invalidGrant))
    const [winner] = admitted(answers)
    expect(winner?.body.refresh_token).toMatch(/^gwr_/)
    expect(await application.refresh(winner?.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await isActive(winner?.body.refresh_token)).toBe(false)
    expect(await isActive(winner?.body.access_token)).toBe(false)
    expect((await send('/oauth/userinfo', bearer(winner?.body.access_token))).status).toBe(401)
    expect((await send('/api/users', bearer(winner?.body.access_token))).status).toBe(401)
  })

  test('with the wrong verifier have none, and leave the code to its owner', { timeout }, async () => {
    const { code, code_verifier } = await newCode()
    const answers = await inParallel(() => application.redeem(code, code_verifier.replace(/^./, '~')))
    expect(refusals(answers)).toEqual(Array.from({ length: times }, () => invalidGrant))
    const { status, body } = await application.redeem(code, code_verifier)
    expect(status).toBe(200)
    expect(await isActive(body.access_token)).toBe(true)
  })
})

/**
 * What the replay of a token does after the retry window of 30 s is shown under a clock of its own in
 * `test/worker/oauth/token-refresh.test.ts`, and in real time by `test/e2e/kill`, which lasts longer than that.
 */
describe('200 parallel refreshes with one token', () => {
  test('all get the same successor, which works', { timeout }, async () => {
    const { refresh_token } = await signIn(send, application, server.demo.user, scope)
    const answers = await inParallel(() => application.refresh(refresh_token))
    expect(refusals(answers)).toEqual([])
    const successors = new Set(answers.map(({ body }) => body.refresh_token))
    expect(successors.size).toBe(1)
    expect(successors).not.toContain(refresh_token)
    const [successor] = successors
    expect(await application.refresh(successor)).toMatchObject({ status: 200 })
  })

  /** One of them does not wait for the others, but goes on with what it got. */
  test('never get two successors, also while the first is being used already', { timeout }, async () => {
    const { refresh_token } = await signIn(send, application, server.demo.user, scope)
    const followers: Answer[] = []
    const answers = await inParallel(async () => {
      const answer = await application.refresh(refresh_token)
      if (answer.status === 200) followers.push(await application.refresh(answer.body.refresh_token))
      return answer
    })
    expect(admitted(answers).length).toBeGreaterThan(0)
    expect(new Set(admitted(answers).map(({ body }) => body.refresh_token)).size).toBe(1)
    expect(refusals(answers)).toEqual(refusals(answers).map(() => invalidGrant))
    const newest = new Set(admitted(followers).map(({ body }) => body.refresh_token))
    expect(newest.size).toBe(1)
    const [survivor] = newest
    expect(await application.refresh(survivor)).toMatchObject({ status: 200 })
  })

  test('by another client have none, and leave the token to its owner', { timeout }, async () => {
    const { refresh_token } = await signIn(send, application, server.demo.user, scope)
    const thief = await anotherApplication()
    const answers = await inParallel(() => thief.refresh(refresh_token))
    expect(refusals(answers)).toEqual(Array.from({ length: times }, () => invalidGrant))
    expect(await application.refresh(refresh_token)).toMatchObject({ status: 200 })
  })
})
