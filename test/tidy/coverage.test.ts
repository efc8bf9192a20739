import { join } from 'node:path'

import { describe, expect, test } from 'vitest'
import * as z from 'zod'

import { root } from '../../scripts/root.ts'
import { refusalCodes } from '../../src/http/refusal.ts'
import { sourceFiles } from './source-files.ts'

const operationShape = z.looseObject({
  method: z.string(),
  path: z.string(),
  replies: z.record(z.string(), z.unknown()),
  refusals: z.record(z.string(), z.array(z.string())),
})

type Operation = z.infer<typeof operationShape>

const tests = sourceFiles('test/**/*.test.{ts,tsx}').filter(({ path }) => !path.startsWith('test/tidy/'))
const titles = tests.flatMap(({ text }) =>
  Array.from(text.matchAll(/\bdescribe(?:\.\w+)*\(\s*(?:'([^']*)'|`([^`]*)`|"([^"]*)")/g), (match) =>
    match.slice(1).join(''),
  ),
)
const literals = new Set(
  tests.flatMap(({ text }) => Array.from(text.matchAll(/['"`]([a-z_]+)['"`]/g), ([, word]) => word)),
)

describe('what is promised', () => {
  test('every error code is in some test', () => {
    expect(refusalCodes.filter((code) => !literals.has(code))).toEqual([])
  })

  test('every status that an operation declares has its describe', async () => {
    const operations = await declaredOperations()
    expect(operations.length).toBeGreaterThan(0)
    expect(operations.flatMap(untested)).toEqual([])
  })

  test('no two operations answer the same method and path', async () => {
    const doors = (await declaredOperations()).map(({ method, path }) => `${method} ${path}`)
    expect(doors.filter((door, place) => doors.indexOf(door) !== place)).toEqual([])
  })
})

/** Contracts import nothing that runs, so they can be asked themselves what they declare. */
async function declaredOperations(): Promise<readonly Operation[]> {
  const contracts = sourceFiles('src/**/*.contract.ts')
  const modules = await Promise.all(
    contracts.map(async ({ path }): Promise<Readonly<Record<string, unknown>>> => import(join(root, path))),
  )
  return modules.flatMap((module) =>
    Object.values(module).flatMap((value) => {
      const operation = operationShape.safeParse(value)
      return operation.success ? [operation.data] : []
    }),
  )
}

function untested({ method, path, replies, refusals }: Operation): readonly string[] {
  const statuses = [...new Set([...Object.keys(replies), ...Object.keys(refusals)])]
  return statuses
    .map((status) => `${method} ${path} ${status}`)
    .filter(
      (title) =>
        !titles.some(
          (given) => given === title || given.startsWith(`${title} `) || given.startsWith(`${title},`),
        ),
    )
}
