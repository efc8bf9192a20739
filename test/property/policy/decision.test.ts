import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { authorizeAtPolicy } from '../../../src/policy/authorize.contract.ts'
import type { DecisionRequest } from '../../../src/policy/decision.ts'
import { DecisionPoint } from '../../../src/policy/decision-point.ts'
import { newCedar, sourceInFolder } from '../../support/policy/files.ts'
import { isAllowedByOracle } from '../../support/policy/oracle.ts'
import { fitRequests, hostileValues, question } from '../../support/policy/requests.ts'

const point = new DecisionPoint({ source: sourceInFolder(), newCedar })

describe('a decision', () => {
  test('of a request that fits the schema is what the oracle says, and nothing goes wrong on the way', () => {
    fc.assert(
      fc.property(fitRequests, (request) => {
        const body = authorizeAtPolicy.body.parse(JSON.parse(JSON.stringify(request)))
        expect(point.decide(body)).toMatchObject({
          ok: true,
          value: { decision: isAllowedByOracle(request) ? 'Allow' : 'Deny', errors: [] },
        })
      }),
      { numRuns: 2_000 },
    )
  })

  /** A request is bent in one place by anything that JSON can say. Whatever happens, mallory gets nothing. */
  test('is never an Allow that the oracle would not give, nor an engine that gave up, whatever a request holds', () => {
    const place = fc.constantFrom('principal', 'action', 'resource', 'context', 'entities')
    const member = fc.constantFrom('', 'type', 'id', 'ip_address', 'time', '__proto__')
    fc.assert(
      fc.property(place, member, hostileValues, fc.boolean(), (where, name, value, isAlice) => {
        const id = isAlice ? 'alice' : 'mallory'
        const honest = question({ principal: { type: 'User', id } })
        const text = JSON.stringify({ ...honest, [where]: bend(honest, where, name, value) })
        const body = authorizeAtPolicy.body.safeParse(JSON.parse(text))
        const answer = body.success ? point.decide(body.data) : undefined
        const decided = answer?.ok === true ? answer.value : undefined
        expect(decided?.errors ?? []).toEqual([])
        expect(decided?.decision === 'Allow' && !(body.success && isAllowedByOracle(body.data))).toBe(false)
      }),
      { numRuns: 5_000 },
    )
    expect(point.decide(question())).toMatchObject({ ok: true, value: { decision: 'Allow' } })
  })
})

function bend(honest: DecisionRequest, where: string, name: string, value: unknown): unknown {
  if (name === '') return value
  const [, members = {}] = Object.entries<object>({ ...honest }).find(([each]) => each === where) ?? []
  return Object.fromEntries([...Object.entries<unknown>({ ...members }), [name, value]])
}
