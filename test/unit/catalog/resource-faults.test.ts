import { describe, expect, test } from 'vitest'

import { CatalogDocument } from '../../../src/catalog/catalog.contract.ts'
import { catalogFaults } from '../../../src/catalog/catalog-faults.ts'

const issuer = 'https://gate.example.com'
const TOKENS = { api_key: false, tokens: true }

function faultsOf(resources: readonly object[], changes: object = {}) {
  const route = { method: 'GET', path: '/orders/{id}', upstream: 'shop', authentication: TOKENS, ...changes }
  const document = CatalogDocument.parse({
    upstreams: [{ name: 'shop', origin: 'https://shop.example.com' }],
    routes: [route],
    resources: resources.map((resource) => ({ name: 'Orders', ...resource })),
  })
  const faults = catalogFaults(document, { issuer, loopbackIsAllowed: false })
  return faults.map(({ pointer, message }) => `${pointer} ${message}`)
}

describe('faults of published APIs', () => {
  test('one whose path a route lies below has none', () => {
    expect(faultsOf([{ resource: `${issuer}/orders` }])).toEqual([])
  })

  test.each([
    ['https://other.example/orders', `must begin with ${issuer}/`],
    [issuer, `must begin with ${issuer}/`],
    [`${issuer}/`, 'must be a path of plain segments'],
    [`${issuer}/orders/{id}`, 'must be a path of plain segments'],
    [`${issuer}/orders/`, 'must not have an empty segment, at the end neither'],
    [`${issuer}/oauth`, 'must not begin with /oauth, which is ours'],
    [`${issuer}/order`, 'no route lies below it'],
  ])('%s', (resource, message) => {
    expect(faultsOf([{ resource }])).toEqual([`/body/resources/0/resource ${message}`])
  })

  test('no two share an identifier', () => {
    const resource = `${issuer}/orders`
    expect(faultsOf([{ resource }, { resource }])).toEqual([
      '/body/resources/1/resource is already taken by /body/resources/0',
    ])
  })
})

describe('faults of step-up rules', () => {
  const fault =
    '/body/routes/0/authentication acr_values and max_age need tokens of this gateway, and no API keys'

  test.each([
    ['an API key opens the route too', { authentication: { api_key: true, tokens: true }, max_age: 60 }],
    ['anyone may call it', { authentication: { api_key: false, tokens: false }, max_age: 60 }],
  ])('%s', (_, changes) => {
    expect(faultsOf([], changes)).toEqual([fault])
  })

  test('the rule of its API counts for the route', () => {
    const resource = { resource: `${issuer}/orders`, max_age: 60 }
    expect(faultsOf([resource], { authentication: { api_key: true, tokens: true } })).toEqual([fault])
    expect(faultsOf([resource])).toEqual([])
  })
})
