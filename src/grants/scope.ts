import { assert } from '../platform/assert.ts'
import { scopeCharactersMax } from '../platform/bounds.ts'
import { fail, ok, type Result } from '../platform/result.ts'

export interface ScopeFailure {
  readonly reason: 'scope_malformed'
}

/** RFC 6749 §3.3: printable ASCII without the space, the quotation mark and the backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Reads a scope into its tokens, in the order given, each once. The empty text is the empty scope.
 *
 * @see RFC 6749 §3.3 (tokens are separated by exactly one space)
 */
export function parseScope(text: string): Result<readonly string[], ScopeFailure> {
  if (text.length > scopeCharactersMax) return fail({ reason: 'scope_malformed' })
  const tokens = splitScope(text)
  return tokens.every((token) => SCOPE_TOKEN.test(token)) ? ok(tokens) : fail({ reason: 'scope_malformed' })
}

/** Reads a stored scope. It may be longer than any that `parseScope` accepts, being what many requests came to. */
export function readScope(stored: string): readonly string[] {
  const tokens = splitScope(stored)
  assert(
    tokens.every((token) => SCOPE_TOKEN.test(token)),
    'stored scope is well-formed',
  )
  return tokens
}

function splitScope(text: string): readonly string[] {
  return text === '' ? [] : [...new Set(text.split(' '))]
}

export function formatScope(scopes: readonly string[]): string {
  return scopes.join(' ')
}

/** Whether every requested token was allowed. Tokens are opaque: no prefix and no wildcard means another one. */
export function isWithin(requested: readonly string[], allowed: readonly string[]): boolean {
  return requested.every((token) => allowed.includes(token))
}
