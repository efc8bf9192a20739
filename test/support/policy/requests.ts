import * as fc from 'fast-check'

import type { DecisionRequest, EntityUid } from '../../../src/policy/decision.ts'

/** The question of the integration guide, and a change to it. */
export function question(changes: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    principal: { type: 'User', id: 'alice' },
    action: { type: 'Action', id: 'read' },
    resource: { type: 'document', id: 'confidential_report.pdf' },
    context: {},
    ...changes,
  }
}

const uid = (type: string, ids: readonly string[]): fc.Arbitrary<EntityUid> =>
  fc.record({
    type: fc.constant(type),
    id: fc.oneof(fc.constantFrom(...ids), fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })),
  })

const address = fc.oneof(
  fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
)

const instant = fc.date({
  min: new Date('2023-06-01T00:00:00Z'),
  max: new Date('2024-06-01T00:00:00Z'),
  noInvalidDate: true,
})

/** Requests that fit the schema; every second one names what the policies know. */
export const fitRequests: fc.Arbitrary<DecisionRequest> = fc.record({
  principal: uid('User', ['alice', 'Alice', 'mallory', 'alice ', 'User::"alice"']),
  action: fc.constantFrom('read', 'write', 'delete').map((id) => ({ type: 'Action', id })),
  resource: uid('document', ['confidential_report.pdf', 'handbook.pdf', 'handbook.pdf\u0000', '*']),
  context: fc.record(
    { ip_address: address.map((bytes) => bytes.join('.')), time: instant.map((at) => at.toISOString()) },
    { requiredKeys: [] },
  ),
})

/** Anything that JSON can say, led by what Cedar gives a meaning to. */
export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 6 }) },
  fc.constantFrom(
    { __entity: { type: 'User', id: 'alice' } },
    { type: 'User', id: 'alice' },
    { __extn: { fn: 'ip', arg: '192.168.1.1' } },
    { fn: 'ip', arg: '192.168.1.1' },
    { fn: 'datetime', arg: { fn: 'datetime', arg: '2024-01-01' } },
    {
      fn: 'offset',
      args: [
        { fn: 'datetime', arg: '2024-01-01' },
        { fn: 'duration', arg: '1d' },
      ],
    },
    '192.168.0.0/0',
    '2024-02-30T00:00:00Z',
    '\ud800',
    Number.MAX_SAFE_INTEGER + 1,
    1.5,
    Number.NaN,
    null,
  ),
)
