import { assert } from '../platform/assert.ts'

/** A row as SQLite gives it. Reading a column checks it, since a type parameter on a query is only a promise. */
export type Row = Readonly<Record<string, unknown>>

export function text(row: Row, column: string): string {
  const value = row[column]
  assert(typeof value === 'string', `column ${column} is text`)
  return value
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

export function integer(row: Row, column: string): number {
  const value = row[column]
  assert(typeof value === 'number' && Number.isSafeInteger(value), `column ${column} is an integer`)
  return value
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

/** A list of texts, kept as JSON. */
export function textList(row: Row, column: string): readonly string[] {
  const value: unknown = JSON.parse(text(row, column))
  assert(Array.isArray(value), `column ${column} is a list`)
  return value.map((item: unknown) => {
    assert(typeof item === 'string', `column ${column} lists texts`)
    return item
  })
}
