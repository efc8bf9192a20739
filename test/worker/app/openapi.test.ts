import { describe, expect, test } from 'vitest'

import { describeRefusals } from '../../../src/http/refusal.ts'
import { operations } from '../../../src/operations.ts'
import { OpenApiDocument, operationsIn, schemasIn } from '../../support/app/openapi-document.ts'
import { issuer, newIsolate } from '../../support/oauth/world.ts'

async function document(): Promise<OpenApiDocument> {
  const { body } = await newIsolate().send('/openapi.json')
  return OpenApiDocument.parse(body)
}

describe('GET /openapi.json 200', () => {
  test('is an OpenAPI 3.1 document with nothing in it that the specification does not know', async () => {
    const { status, headers, body } = await newIsolate().send('/openapi.json')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json')
    expect(OpenApiDocument.safeParse(body).error?.issues ?? []).toEqual([])
  })

  test('leads to this gateway and to no other', async () => {
    expect((await document()).servers).toEqual([{ url: issuer }])
  })

  test('describes every operation that is declared, with every status, and no other', async () => {
    const described = operationsIn(await document()).map(({ method, path, responses }) => ({
      door: `${method} ${path}`,
      statuses: Object.keys(responses).toSorted(),
    }))
    const declared = operations.map(({ method, path, replies, refusals }) => ({
      door: `${method} ${path}`,
      statuses: [...new Set([...Object.keys(replies), ...Object.keys(refusals)])].toSorted(),
    }))
    expect(described).toHaveLength(operations.length)
    expect(described).toEqual(expect.arrayContaining(declared))
  })

  test('gives each operation an id of its own', async () => {
    const ids = operationsIn(await document()).map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  /** OpenAPI 3.1.0 §4.8.12.2: what stands in braces has a parameter, which is required, and the other way round. */
  test('has a required parameter for each part of a path that varies, and no two of one name', async () => {
    for (const { path, parameters = [] } of operationsIn(await document())) {
      const inBraces = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      const ofPath = parameters.filter((parameter) => parameter.in === 'path')
      expect(ofPath.map(({ name }) => name)).toEqual(inBraces)
      expect(ofPath.every(({ required }) => required)).toBe(true)
      expect(new Set(parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size).toBe(
        parameters.length,
      )
    }
  })

  test('refers only to what it contains, and each schema requires only what it describes', async () => {
    const found = await document()
    const schemas = schemasIn(found)
    const known = Object.keys(found.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect(
      schemas.flatMap(({ $ref }) => $ref ?? []).filter((reference) => !known.includes(reference)),
    ).toEqual([])
    const undescribed = schemas.flatMap(({ required = [], properties = {} }) =>
      required.filter((name) => !(name in properties)),
    )
    expect(undescribed).toEqual([])
    const schemes = Object.keys(found.components.securitySchemes)
    const named = operationsIn(found).flatMap(({ security }) => security.flatMap((way) => Object.keys(way)))
    expect(named.filter((scheme) => !schemes.includes(scheme))).toEqual([])
  })

  test('asks for a bearer token with the scope wherever the operation does, and for nothing at public doors', async () => {
    const described = operationsIn(await document())
    const securityOf = (door: string) =>
      described.find(({ method, path }) => `${method} ${path}` === door)?.security
    expect(securityOf('PUT /v1/catalog')).toEqual([{ bearer: ['manage'] }])
    expect(securityOf('GET /openapi.json')).toEqual([])
    expect(securityOf('GET /account')).toEqual([{ session: [] }])
  })

  /** A code that is declared under a status that it does not have would be documented where it never comes. */
  test('lists each error code of the envelope under the status that it is answered with', () => {
    const statusOf = (code: string) => describeRefusals().find((refusal) => refusal.code === code)?.status
    const misplaced = operations
      .filter(({ dialect }) => dialect === 'envelope')
      .flatMap(({ method, path, refusals }) =>
        Object.entries(refusals).flatMap(([status, codes]) =>
          codes
            .filter((code) => statusOf(code) !== Number(status))
            .map((code) => `${method} ${path} ${status} ${code}`),
        ),
      )
    expect(misplaced).toEqual([])
  })
})

describe('GET /openapi.json 400', () => {
  test('refuses a query that can be read in two ways', async () => {
    const { status, body, headers } = await newIsolate().send('/openapi.json?version=3&version=2')
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: { code: 'request_malformed', details: { request_id: headers.get('x-request-id') } },
    })
  })
})
