import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { CedarInstance } from '../../../src/policy/cedar-instance.ts'
import { DecisionPoint } from '../../../src/policy/decision-point.ts'
import { newCedar, sourceInFolder } from '../../support/policy/files.ts'
import { question } from '../../support/policy/requests.ts'

/** A condition that overflows the stack which Cedar's parser has in WebAssembly. */
const FATAL_CONDITION = `${'('.repeat(200)}true${')'.repeat(200)}`
const FATAL = `@id("fatal") permit (principal, action, resource) when { ${FATAL_CONDITION} };`

const SCHEMA = `
  entity User, document;
  action read appliesTo { principal: User, resource: document, context: { factor?: Long } };
`

function recordedPoint(text: string, schema = SCHEMA) {
  const instances: CedarInstance[] = []
  const point = new DecisionPoint({
    source: { schema, files: [{ name: 'test.cedar', text }] },
    newCedar: () => {
      const cedar = newCedar()
      instances.push(cedar)
      return cedar
    },
  })
  return { point, instances }
}

const PERMIT = '@id("everything") permit (principal, action, resource);'
const UNAVAILABLE = { ok: true, value: { decision: 'Deny', errors: [{ code: 'policy_unavailable' }] } }

let logged: string[] = []

beforeEach(() => {
  logged = []
  vi.spyOn(console, 'error').mockImplementation((line: string) => void logged.push(line))
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a decision point', () => {
  test('starts nothing before the first decision, and then decides on one instance', () => {
    const { point, instances } = recordedPoint(PERMIT)
    expect(instances).toHaveLength(0)
    point.decide(question())
    point.decide(question())
    expect(instances).toHaveLength(1)
  })

  /** After a trap the instance traps on everything, or worse: the stack may have run over other data. */
  test('decides on a fresh instance when the one it had has died', () => {
    const { point, instances } = recordedPoint(PERMIT)
    point.decide(question())
    expect(() => instances[0]?.call('checkParsePolicySet', { staticPolicies: FATAL })).toThrow(
      WebAssembly.RuntimeError,
    )
    expect(point.decide(question())).toMatchObject({ ok: true, value: { decision: 'Allow', errors: [] } })
    expect(instances).toHaveLength(2)
    expect(logged).toEqual([expect.stringContaining('"event":"cedar_failed","tries":1')])
  })

  test('denies and says so when a fresh instance dies as well, and other points decide on', () => {
    const other = recordedPoint(PERMIT)
    const { point, instances } = recordedPoint(FATAL)
    expect(point.decide(question())).toMatchObject(UNAVAILABLE)
    expect(instances).toHaveLength(2)
    expect(other.point.decide(question())).toMatchObject({ ok: true, value: { decision: 'Allow' } })
  })

  test.each([
    ['a policy that does not parse', 'permit (principal', SCHEMA],
    [
      'a policy without an @id, whose name would change with its place',
      'permit (principal, action, resource);',
      SCHEMA,
    ],
    ['two policies of one @id', `${PERMIT}\n${PERMIT}`, SCHEMA],
    ['a template', '@id("t") permit (principal == ?principal, action, resource);', SCHEMA],
    ['a schema that does not parse', PERMIT, 'entity'],
  ])('denies everything for %s, and does not try again at each request', (_name, text, schema) => {
    const { point, instances } = recordedPoint(text, schema)
    expect(point.decide(question())).toMatchObject(UNAVAILABLE)
    expect(point.decide(question())).toMatchObject(UNAVAILABLE)
    expect(instances).toHaveLength(1)
    expect(logged).toEqual([expect.stringContaining('policies_invalid')])
  })

  /** Cedar leaves out what it cannot evaluate, so a caller who makes a forbid overflow would get past it. */
  test('denies when a forbid could not be evaluated, and names it', () => {
    const forbid =
      '@id("cap") forbid (principal, action, resource) when { context.factor * context.factor > 100 };'
    const { point } = recordedPoint(`${PERMIT}\n${forbid}`)
    const ask = (factor: number) => point.decide(question({ context: { factor } }))
    expect(ask(10)).toMatchObject({
      ok: true,
      value: { decision: 'Allow', determining_policies: ['everything'] },
    })
    expect(ask(11)).toMatchObject({
      ok: true,
      value: { decision: 'Deny', determining_policies: ['cap'], errors: [] },
    })
    expect(ask(Number.MAX_SAFE_INTEGER)).toMatchObject({
      ok: true,
      value: {
        decision: 'Deny',
        determining_policies: ['cap'],
        errors: [{ code: 'policy_failed', policy_id: 'cap' }],
      },
    })
  })

  test('leaves a permit that could not be evaluated out, as Cedar does, and names it', () => {
    const permit =
      '@id("small") permit (principal, action, resource) when { context.factor * 9223372036854775807 > 0 };'
    const { point } = recordedPoint(`${PERMIT}\n${permit}`)
    expect(point.decide(question({ context: { factor: 2 } }))).toMatchObject({
      ok: true,
      value: { decision: 'Allow', determining_policies: ['everything'], errors: [{ policy_id: 'small' }] },
    })
  })

  test('names the version of what decided: the same for the same texts, another for any change', () => {
    const versionOf = (text: string, schema = SCHEMA) => {
      const answer = recordedPoint(text, schema).point.decide(question())
      return answer.ok ? answer.value.policy_version : ''
    }
    const version = versionOf(PERMIT)
    expect(version).toMatch(/^[\w-]{43}$/)
    expect(versionOf(PERMIT)).toBe(version)
    expect(versionOf(`${PERMIT} `)).not.toBe(version)
    expect(versionOf(PERMIT, `${SCHEMA} `)).not.toBe(version)
  })

  test('keeps what a request holds apart: a name like a prototype and text with quotes are plain text', () => {
    const point = new DecisionPoint({ source: sourceInFolder(), newCedar })
    const ids = ['__proto__', 'constructor', 'alice" || true || "', 'alice\u0000', 'alicé', '😀']
    const decisions = ids.map((id) => point.decide(question({ principal: { type: 'User', id } })))
    expect(decisions.map((answer) => answer.ok && answer.value.decision)).toEqual(ids.map(() => 'Deny'))
  })
})
