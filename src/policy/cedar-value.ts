import { fail, ok, type Result } from '../platform/result.ts'

/** What a context may hold. Cedar's numbers are whole, and there is no null. */
export type CedarValue = string | number | boolean | readonly CedarValue[] | CedarRecord

export type CedarRecord = { readonly [name: string]: CedarValue }

export interface CedarValueFailure {
  readonly reason: 'value_unfit'
  readonly path: readonly string[]
  readonly message: string
}

/**
 * Cedar's escapes for typed values. Inside a context that a caller wrote, `__entity` would be taken for a real entity
 * and whatever a policy knows of that one, so what a value is comes from the schema alone.
 */
const ESCAPES: ReadonlySet<string> = new Set(['__entity', '__extn', '__expr'])

type Read<T> = Result<T, CedarValueFailure>

/** Reads a record of values, or tells of the first that Cedar would refuse, round off or take for something else. */
export function readCedarRecord(value: unknown, path: readonly string[] = []): Read<CedarRecord> {
  if (typeof value !== 'object' || value === null || isList(value)) return unfit(path, 'must be an object')
  const record: [string, CedarValue][] = []
  for (const [name, member] of Object.entries<unknown>({ ...value })) {
    const here = [...path, name]
    if (ESCAPES.has(name)) return unfit(here, 'is reserved: send the plain value, its type is in the schema')
    if (!name.isWellFormed()) return unfit(path, 'a name holds a lone surrogate, which is not text')
    const read = readCedarValue(member, here)
    if (!read.ok) return read
    record.push([name, read.value])
  }
  return ok(Object.fromEntries(record))
}

function readCedarValue(value: unknown, path: readonly string[]): Read<CedarValue> {
  switch (typeof value) {
    case 'boolean':
      return ok(value)
    case 'string':
      return value.isWellFormed() ? ok(value) : unfit(path, 'holds a lone surrogate, which is not text')
    case 'number':
      return Number.isSafeInteger(value)
        ? ok(value)
        : unfit(path, `must be a whole number within ±${Number.MAX_SAFE_INTEGER}`)
    case 'object':
      if (value === null) return unfit(path, 'must not be null: leave the attribute out')
      return isList(value) ? readSet(value, path) : readCedarRecord(value, path)
    case 'bigint':
    case 'symbol':
    case 'undefined':
    case 'function':
      return unfit(path, 'must be a JSON value')
  }
}

function readSet(members: readonly unknown[], path: readonly string[]): Read<CedarValue> {
  const set: CedarValue[] = []
  for (const [at, member] of members.entries()) {
    const read = readCedarValue(member, [...path, String(at)])
    if (!read.ok) return read
    set.push(read.value)
  }
  return ok(set)
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value)
}

function unfit(path: readonly string[], message: string): Read<never> {
  return fail({ reason: 'value_unfit', path, message })
}
