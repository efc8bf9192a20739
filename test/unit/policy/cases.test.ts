import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { authorizeAtPolicy } from '../../../src/policy/authorize.contract.ts'
import { DecisionPoint } from '../../../src/policy/decision-point.ts'
import { readPolicySet, toStaticPolicies } from '../../../src/policy/policy-set.ts'
import { casesInFolder, newCedar, sourceInFolder } from '../../support/policy/files.ts'

const source = sourceInFolder()
const point = new DecisionPoint({ source, newCedar })

describe('policies/', () => {
  test.each(casesInFolder())('$file: $title', ({ request, decision, determining_policies }) => {
    const answer = point.decide(authorizeAtPolicy.body.parse(request))
    expect(answer).toMatchObject({ ok: true, value: { decision, determining_policies, errors: [] } })
  })

  /** Strict validation proves that no policy can fail for a request that fits, but by overflow. */
  test('validate strictly against the schema', () => {
    const cedar = newCedar()
    const set = readPolicySet(cedar, source)
    expect(set).toMatchObject({ ok: true })
    const policies = {
      staticPolicies: set.ok ? toStaticPolicies(set.value) : {},
      templates: {},
      templateLinks: [],
    }
    expect(cedar.call('validate', { schema: source.schema, policies })).toMatchObject({
      type: 'success',
      validationErrors: [],
      validationWarnings: [],
      otherWarnings: [],
    })
  })

  test('each policy decides at least one case', () => {
    const set = readPolicySet(newCedar(), source)
    const decided = new Set(casesInFolder().flatMap(({ determining_policies }) => determining_policies))
    expect(set.ok && [...set.value.policies.keys()].filter((id) => !decided.has(id))).toEqual([])
  })

  test('are all bundled', () => {
    const path = join(import.meta.dirname, '../../../src/policy/policy-files.ts')
    const bundled = readFileSync(path, 'utf8')
    const names = [...bundled.matchAll(/from '\.\.\/\.\.\/policies\/([\w-]+\.cedar)'/g)].map(
      ([, name]) => name,
    )
    expect(names).toEqual(source.files.map(({ name }) => name))
  })
})
