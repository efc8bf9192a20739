import { describe, expect, test } from 'vitest'

import { entityIdCharactersMax } from '../../../src/platform/bounds.ts'
import { guide, ofService, policyDoor } from '../../support/policy/door.ts'
import { tokenWith, withBearer } from '../../support/signing/door.ts'

describe('POST /v1/authorize 400', () => {
  test.each([
    ['no principal', { ...guide, principal: undefined }, '/body/principal'],
    ['a principal as text', { ...guide, principal: 'User::"alice"' }, '/body/principal'],
    ['a principal without an id', { ...guide, principal: { type: 'User' } }, '/body/principal/id'],
    ['an empty id', { ...guide, principal: { type: 'User', id: '' } }, '/body/principal/id'],
    ['an id as a number', { ...guide, principal: { type: 'User', id: 7 } }, '/body/principal/id'],
    ['an id as null', { ...guide, resource: { type: 'document', id: null } }, '/body/resource/id'],
    [
      'a long id',
      { ...guide, resource: { type: 'document', id: 'x'.repeat(entityIdCharactersMax + 1) } },
      '/body/resource/id',
    ],
    ['a long type', { ...guide, resource: { type: 'x'.repeat(257), id: 'a' } }, '/body/resource/type'],
    ['a lone surrogate', { ...guide, resource: { type: 'document', id: 'a\ud800' } }, '/body/resource/id'],
    ['a type with a space', { ...guide, principal: { type: 'Us er', id: 'alice' } }, '/body/principal/type'],
    [
      'a type with a quote',
      { ...guide, principal: { type: 'User::"alice"', id: 'alice' } },
      '/body/principal/type',
    ],
    ['a type as a list', { ...guide, principal: { type: ['User'], id: 'alice' } }, '/body/principal/type'],
    ['a field that nobody knows', { ...guide, admin: true }, '/body'],
    ['entities of the caller', { ...guide, entities: [] }, '/body'],
    [
      'a field inside a principal',
      { ...guide, principal: { ...guide.principal, roles: ['admin'] } },
      '/body/principal',
    ],
    [
      'an escaped entity as principal',
      { ...guide, principal: { ...guide.principal, __entity: guide.resource } },
      '/body/principal',
    ],
    ['an unknown action', { ...guide, action: { type: 'Action', id: 'fly' } }, '/body/action'],
    ['an action that is none', { ...guide, action: { type: 'User', id: 'read' } }, '/body/action'],
    [
      'an unknown resource type',
      { ...guide, resource: { type: 'Document', id: 'a' } },
      '/body/resource/type',
    ],
    ['a context as a list', { ...guide, context: [] }, '/body/context'],
    ['a context as null', { ...guide, context: null }, '/body/context'],
    ['a context as text', { ...guide, context: '{}' }, '/body/context'],
    ['an undeclared attribute', { ...guide, context: { 'a/~': true } }, '/body/context/a~1~0'],
    ['an attribute of another type', { ...guide, context: { time: 5 } }, '/body/context'],
    ['an address that is none', { ...guide, context: { ip_address: '192.168.1' } }, '/body/context'],
    ['a time that is none', { ...guide, context: { time: 'yesterday' } }, '/body/context'],
    ['null inside', { ...guide, context: { time: null } }, '/body/context/time'],
    ['a fraction', { ...guide, context: { a: [1, 0.5] } }, '/body/context/a/1'],
    [
      'an entity escape',
      { ...guide, context: { a: { __entity: guide.principal } } },
      '/body/context/a/__entity',
    ],
    [
      'an extension escape',
      { ...guide, context: { ip_address: { __extn: { fn: 'ip', arg: '192.168.1.1' } } } },
      '/body/context/ip_address/__extn',
    ],
    ['a slash and a tilde in a name', { ...guide, context: { 'a/b~': null } }, '/body/context/a~1b~0'],
  ])('for %s, with a sentence and a pointer to it', async (_name, body, pointer) => {
    const { ask } = await policyDoor()
    const sentence: unknown = expect.stringMatching(/\w+ \w+/)
    expect(await ask(ofService, body)).toMatchObject({
      status: 400,
      body: {
        error: { code: 'request_malformed', details: { faults: [{ pointer, message: sentence }] } },
      },
    })
    expect(await ask(ofService, guide)).toMatchObject({ status: 200, body: { decision: 'Allow' } })
  })

  test.each([
    ['no body', ''],
    ['text that is no JSON', '{"principal":'],
    ['JSON that is no object', '[1]'],
    ['nesting beyond the bound', `{"context":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`],
  ])('for %s', async (_name, text) => {
    const { post, keyRing } = await policyDoor()
    const answer = await post(text, withBearer(await tokenWith(keyRing, ofService)))
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'request_malformed' } } })
  })

  /** JSON.parse rounds them, and a rounded number may lie on the other side of what a policy compares it with. */
  test.each(['9007199254740993', '-9223372036854775809', '0.99999999999999999999', '1e400'])(
    'for the number %s, which would be rounded',
    async (number) => {
      const { post, keyRing } = await policyDoor()
      const text = JSON.stringify({ ...guide, context: { a: 'here' } }).replace('"here"', number)
      const answer = await post(text, withBearer(await tokenWith(keyRing, ofService)))
      expect(answer).toMatchObject({
        status: 400,
        body: { error: { details: { faults: [{ pointer: '/body/context/a' }] } } },
      })
    },
  )
})
