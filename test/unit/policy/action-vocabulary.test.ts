import { describe, expect, test } from 'vitest'

import { contextFault, vocabularyFaults } from '../../../src/policy/action-vocabulary.ts'
import { readPolicySet } from '../../../src/policy/policy-set.ts'
import { newCedar } from '../../support/policy/files.ts'
import { question } from '../../support/policy/requests.ts'

const SCHEMA = `
  namespace Photos {
    type Where = Place;
    type Place = { from: ipaddr, tags?: Set<String> };
    entity Person, Robot, Album;
    action seeing;
    action see in [seeing] appliesTo { principal: [Person, Robot], resource: Album, context: Where };
  }
  namespace Other {
    entity Person;
    action see appliesTo { principal: Person, resource: Photos::Album };
  }
`

const set = readPolicySet(newCedar(), { schema: SCHEMA, files: [] })
const vocabulary = set.ok ? set.value.vocabulary : new Map()

const see = question({
  principal: { type: 'Photos::Person', id: 'ann' },
  action: { type: 'Photos::Action', id: 'see' },
  resource: { type: 'Photos::Album', id: 'summer' },
})

describe('vocabularyFaults', () => {
  test('finds none where the schema declares all three together', () => {
    expect(vocabularyFaults(see, vocabulary)).toEqual([])
  })

  test.each([
    ['an action of another namespace', { type: 'Action', id: 'see' }],
    ['an unknown action', { type: 'Photos::Action', id: 'sea' }],
    ['an action with a quote in it', { type: 'Photos::Action', id: 'see"' }],
    ['a type that holds what belongs to the identifier', { type: 'Photos::Action::"see"', id: '' }],
  ])('points at %s', (_name, action) => {
    expect(vocabularyFaults({ ...see, action }, vocabulary)).toEqual([
      { path: ['action'], message: 'the schema declares no such action' },
    ])
  })

  test('points at each type that the action is not for, and names those that it is for', () => {
    const principal = { type: 'Other::Person', id: 'ann' }
    const resource = { type: 'Album', id: 'summer' }
    expect(vocabularyFaults({ ...see, principal, resource }, vocabulary)).toEqual([
      {
        path: ['principal', 'type'],
        message: 'this action takes a principal of type Photos::Person or Photos::Robot',
      },
      { path: ['resource', 'type'], message: 'this action takes a resource of type Photos::Album' },
    ])
  })

  test('points at the first attribute that the action does not take, and tells which it takes', () => {
    const context = { from: '10.0.0.1', 'a/~b': 1, more: 2 }
    const message: unknown = expect.stringContaining('this action takes from (ipaddr')
    expect(vocabularyFaults({ ...see, context }, vocabulary)).toEqual([
      { path: ['context', 'a/~b'], message },
    ])
  })

  test('a group of actions cannot be asked about', () => {
    const action = { type: 'Photos::Action', id: 'seeing' }
    expect(vocabularyFaults({ ...see, action }, vocabulary)).toMatchObject([
      { path: ['principal', 'type'], message: 'the schema declares no principal for this action' },
      { path: ['resource', 'type'] },
    ])
  })
})

describe('contextFault', () => {
  test('tells what the action takes, through names of types, and how texts with a type are written', () => {
    expect(contextFault(see, vocabulary)).toEqual({
      path: ['context'],
      message:
        'does not fit this action, which takes from (ipaddr such as 192.168.1.100 or 10.0.0.0/8), tags (optional Set)',
    })
    const other = { ...see, action: { type: 'Other::Action', id: 'see' } }
    expect(contextFault(other, vocabulary).message).toBe(
      'does not fit this action, which takes no attributes',
    )
  })
})
