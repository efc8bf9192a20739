import { describe, expect, test } from 'vitest'

import { defaultPlan, limitFor, type Plan } from '../../../src/limits/limit-plan.ts'
import { isRecorded } from '../../../src/limits/subject-record.ts'
import type { LimitSubject } from '../../../src/limits/subject.ts'

const address = '203.0.113.1'
const races: Plan = { name: 'races', requests_per_second: 7, token_requests_per_minute: 5_000 }

const OF_A_PLAN: readonly LimitSubject[] = [
  { kind: 'key', key_id: 'k' },
  { kind: 'caller', client_id: 'c', sub: 's' },
  { kind: 'token_client', client_id: 'c' },
  { kind: 'token_grant', client_id: 'c', grant: 'g' },
]

const OF_EVERYBODY: readonly LimitSubject[] = [
  { kind: 'sign_in', account: 'a', address },
  { kind: 'sign_in_address', address },
  { kind: 'client_authentication', client_id: 'c', address },
  { kind: 'registration', address },
  { kind: 'revocation', client_id: 'c', address },
]

describe('the limit of a subject', () => {
  test('is 60 a second at the gateway and 10 a minute at the token endpoint by default', () => {
    expect(OF_A_PLAN.map((subject) => limitFor(subject, defaultPlan))).toEqual([
      { limit: 60, windowMs: 1_000 },
      { limit: 60, windowMs: 1_000 },
      { limit: 10, windowMs: 60_000 },
      { limit: 10, windowMs: 60_000 },
    ])
  })

  test('follows the plan, where the subject has one', () => {
    expect(OF_A_PLAN.map((subject) => limitFor(subject, races).limit)).toEqual([7, 7, 5_000, 5_000])
    expect(OF_A_PLAN.every(isRecorded)).toBe(true)
  })

  /** Otherwise a client on a generous plan would be a better place to guess passwords from. */
  test('is the same for everybody where it holds off guessing and flooding', () => {
    expect(OF_EVERYBODY.map((subject) => limitFor(subject, races))).toEqual(
      OF_EVERYBODY.map((subject) => limitFor(subject, defaultPlan)),
    )
    expect(OF_EVERYBODY.map((subject) => limitFor(subject, races).limit)).toEqual([10, 20, 20, 20, 600])
    expect(OF_EVERYBODY.some(isRecorded)).toBe(false)
  })
})
