import { describe, expect, test } from 'vitest'

import { createLimiter, type LimitAnswer, type LimiterNamespace } from '../../../src/limits/limiter.ts'

const subject = { kind: 'sign_in_address', address: '203.0.113.1' } as const
const admitted: LimitAnswer = {
  admitted: true,
  rate: { limit: 60, remaining: 59, resetSeconds: 60, windowSeconds: 60 },
  key: null,
}

/** Objects whose calls fail as the platform lets them fail: these outcomes, one after the other. */
function objectsThat(...outcomes: readonly (LimitAnswer | Error)[]) {
  const calls: string[] = []
  const rest = [...outcomes]
  const call = async (name: string): Promise<LimitAnswer> => {
    calls.push(name)
    const outcome = rest.shift() ?? admitted
    if (outcome instanceof Error) throw outcome
    return outcome
  }
  const namespace: LimiterNamespace = {
    getByName: (name) => ({
      take: async () => call(`take ${name}`),
      refund: async () => {
        await call(`refund ${name}`)
      },
    }),
  }
  return { namespace, calls }
}

function cutOff(flags: { retryable?: boolean; overloaded?: boolean }): Error {
  return Object.assign(new Error('the object was reset'), flags)
}

describe('a limiter', () => {
  test('asks the object of the subject', async () => {
    const { namespace, calls } = objectsThat(admitted)
    expect(await createLimiter(namespace).take(subject)).toEqual(admitted)
    expect(calls).toEqual(['take sign_in_address:203.0.113.1'])
  })

  test('asks again when a deployment cut the call off', async () => {
    const { namespace, calls } = objectsThat(cutOff({ retryable: true }), admitted)
    expect(await createLimiter(namespace).take(subject)).toEqual(admitted)
    expect(calls).toHaveLength(2)
  })

  test('says that it is unavailable, and admits nobody, when the object cannot be reached', async () => {
    const reset = cutOff({ retryable: true })
    const { namespace, calls } = objectsThat(reset, reset, reset)
    expect(await createLimiter(namespace).take(subject)).toEqual({
      admitted: false,
      reason: 'limiter_unavailable',
    })
    expect(calls).toHaveLength(3)
  })

  test('leaves an overloaded object alone', async () => {
    const { namespace, calls } = objectsThat(cutOff({ retryable: true, overloaded: true }))
    expect(await createLimiter(namespace).take(subject)).toMatchObject({ admitted: false })
    expect(calls).toHaveLength(1)
  })

  /** Done twice, a refund would forgive a wrong password that somebody else tried in between. */
  test('refunds once at most, and does not fail the request when the refund is lost', async () => {
    const { namespace, calls } = objectsThat(cutOff({ retryable: true }))
    await expect(createLimiter(namespace).refund(subject)).resolves.toBeUndefined()
    expect(calls).toEqual(['refund sign_in_address:203.0.113.1'])
  })
})
