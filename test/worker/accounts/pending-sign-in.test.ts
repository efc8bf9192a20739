import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { pendingSignInStore } from '../../../src/accounts/pending-sign-in.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { pendingSignInTries, pendingSignInTtlSeconds } from '../../../src/platform/factor-bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { person } from '../../support/people/cast.ts'

const START_MS = 1_800_000_000_000
const pendings = pendingSignInStore(openDb(env.DB), systemRandom)

type Step =
  | { readonly kind: 'take'; readonly isSameBrowser: boolean }
  | { readonly kind: 'finish' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'change_password' }

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('take' as const), isSameBrowser: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'finish' }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 400 }) }),
    },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'change_password' }) },
  ),
  { minLength: 1, maxLength: 14 },
)

async function setPassword(phc: string): Promise<void> {
  await env.DB.prepare("UPDATE accounts SET password_phc = ? WHERE account_id = 'alice'").bind(phc).run()
}

describe('a sign-in that waits', () => {
  test('takes answers of its own browser only, so many, so long, under one password, and ends once', async () => {
    await person('alice')
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        await setPassword('phc')
        const start = { account_id: 'alice', amr: ['pwd'], browser: 'own', password_phc: 'phc' }
        const cookieValue = await pendings.begin(start, START_MS)
        const model = { taken: 0, seconds: 0, isFinished: false, isSamePassword: true }
        const seen: unknown[] = []
        const due: unknown[] = []
        for (const step of script) {
          switch (step.kind) {
            case 'take': {
              const browser = step.isSameBrowser ? 'own' : 'another'
              seen.push(await pendings.take({ cookieValue, browser }, START_MS + model.seconds * 1000))
              const isOpen =
                step.isSameBrowser &&
                !model.isFinished &&
                model.seconds < pendingSignInTtlSeconds &&
                model.taken < pendingSignInTries
              if (isOpen) model.taken += 1
              const triesLeft = pendingSignInTries - model.taken
              const taken = { account_id: 'alice', amr: ['pwd'], triesLeft }
              due.push(isOpen && model.isSamePassword ? taken : undefined)
              break
            }
            case 'finish':
              seen.push(await pendings.finish({ cookieValue, browser: 'own' }))
              due.push(!model.isFinished)
              model.isFinished = true
              break
            case 'wait':
              model.seconds += step.seconds
              break
            case 'change_password':
              await setPassword('another phc')
              model.isSamePassword = false
          }
        }
        expect(seen).toEqual(due)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('is taken five times by fifty answers at once', async () => {
    await person('alice')
    await setPassword('phc')
    const start = { account_id: 'alice', amr: ['pwd'], browser: 'own', password_phc: 'phc' }
    const cookieValue = await pendings.begin(start, START_MS)
    const holder = { cookieValue, browser: 'own' }
    const answers = await Promise.all(Array.from({ length: 50 }, () => pendings.take(holder, START_MS)))
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(pendingSignInTries)
  })

  test('is forgotten when nobody could go on with it any more, and not before', async () => {
    await person('alice')
    const start = { account_id: 'alice', amr: ['pwd'], browser: 'own', password_phc: 'phc' }
    await pendings.begin(start, START_MS)
    const count = () => env.DB.prepare('SELECT count(*) AS count FROM pending_sign_ins').first('count')
    await pendings.sweep(START_MS + (pendingSignInTtlSeconds - 1) * 1000)
    expect(await count()).toBe(1)
    await pendings.sweep(START_MS + pendingSignInTtlSeconds * 1000)
    expect(await count()).toBe(0)
  })
})
