import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { newApplication } from '../../support/flows/application.ts'
import { Customer, staleMs } from '../../support/flows/customer.ts'
import { putOnPlan } from '../../support/flows/plan.ts'
import { newSender } from '../../support/flows/sender.ts'
import { Tally } from '../../support/flows/tally.ts'
import { ServerProcess } from '../../support/process.ts'

/** Acknowledged sign-ins and refreshes in all. One in sixteen costs a password, which is 130 ms of CPU. */
const runs = Number(process.env['GATEWRIGHT_RUNS'] ?? 1_000)
const kills = 5
const customersMax = 6

const timeout = 240_000 + runs * 240

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start()
})

afterAll(() => server.close())

async function newCustomers(tally: Tally): Promise<readonly Customer[]> {
  const { operator, spa, user } = await server.demo()
  const send = newSender(server.url)
  await putOnPlan(send, operator, spa.client_id, 'races')
  const application = newApplication(send, spa)
  return Array.from({ length: customersMax }, () => new Customer({ send, application, user, tally }))
}

/** Lets all work at once until so much is acknowledged, and then kills the server under them. */
async function workUntilKilled(customers: readonly Customer[], tally: Tally, goal: number): Promise<void> {
  let killing: Promise<void> | undefined
  const work = async (customer: Customer): Promise<void> => {
    while (await customer.step()) {
      if (tally.of('acknowledged') >= goal) killing ??= server.end('SIGKILL')
    }
  }
  await Promise.all(customers.map(work))
  expect(tally.of('acknowledged')).toBeGreaterThanOrEqual(goal)
  await killing
}

async function workUntil(customers: readonly Customer[], tally: Tally, goal: number): Promise<void> {
  const work = async (customer: Customer): Promise<void> => {
    while (tally.of('acknowledged') < goal) expect(await customer.step()).toBe(true)
  }
  await Promise.all(customers.map(work))
}

/**
 * What RFC 6749 §4.1.2 and RFC 9700 §4.14.2 promise has to outlive the process that promised it: an answer that was
 * sent is remembered, and nothing that was spent before a crash can be spent after it.
 */
test(
  `killed ${kills} times during ${runs} sign-ins and refreshes, the server loses nothing that it acknowledged, and nothing spent works twice`,
  { timeout },
  async () => {
    const startedMs = performance.now()
    const tally = new Tally()
    const customers = await newCustomers(tally)
    let firstKillAtMs = Number.POSITIVE_INFINITY
    for (let kill = 1; kill <= kills; kill += 1) {
      await workUntilKilled(customers, tally, (kill * runs) / (kills + 1))
      firstKillAtMs = Math.min(firstKillAtMs, Date.now())
      await server.restart()
      tally.add('kills')
      await Promise.all(customers.map((customer) => customer.recover()))
      const givers = customers.filter((_customer, index) => index % 2 === kill % 2)
      await Promise.all(givers.map((customer) => customer.giveUpNewest()))
    }
    await workUntil(customers, tally, runs)

    await Promise.all(customers.map((customer) => customer.proveNothingLost()))
    // The window is a promise about real time, so tokens that were spent before the first kill have to grow old.
    await delay(Math.max(0, firstKillAtMs + staleMs - Date.now()))
    await Promise.all(customers.map((customer) => customer.proveNothingTwice()))

    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    console.log(`${tally.toString()}\n${seconds.padStart(6)} s in all`)
    expect(tally.of('acknowledged')).toBeGreaterThanOrEqual(runs)
    expect(tally.of('replays that gave the same successor')).toBeGreaterThan(0)
    expect(tally.of('tokens spent long ago that ended their grant')).toBeGreaterThan(0)
    expect(tally.of('spent codes that ended their grant')).toBeGreaterThan(0)
  },
)
