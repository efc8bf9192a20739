import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import * as z from 'zod'

import { assert } from '../../../src/platform/assert.ts'
import { instantiateCedar, type CedarInstance } from '../../../src/policy/cedar-instance.ts'
import type { PolicySource } from '../../../src/policy/policy-set.ts'

const root = join(import.meta.dirname, '../../..')
const policies = join(root, 'policies')
/** The Workers' types know of no compiling at run time, which Node allows and workerd does not. */
const compiled: unknown = Reflect.construct(WebAssembly.Module, [
  readFileSync(join(root, 'node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm')),
])

/** The same WebAssembly as in the Worker, which bundles it where Node reads it. */
export function newCedar(): CedarInstance {
  assert(compiled instanceof WebAssembly.Module, 'the file holds WebAssembly')
  return instantiateCedar(compiled)
}

/** The policies of the repository, read from their folder instead of from the bundle. */
export function sourceInFolder(): PolicySource {
  const read = (name: string) => readFileSync(join(policies, name), 'utf8')
  const names = readdirSync(policies).filter((name) => name.endsWith('.cedar'))
  return {
    schema: read('schema.cedarschema'),
    files: names.toSorted().map((name) => ({ name, text: read(name) })),
  }
}

const CaseSchema = z.strictObject({
  title: z.string(),
  request: z.unknown(),
  decision: z.enum(['Allow', 'Deny']),
  determining_policies: z.array(z.string()),
})

/** Every case of `policies/cases`, with the file that it is in. */
export function casesInFolder() {
  const folder = join(policies, 'cases')
  return readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return z
      .array(CaseSchema)
      .parse(JSON.parse(text))
      .map((each) => ({ ...each, file: name }))
  })
}
