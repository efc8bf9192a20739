import * as z from 'zod'

import type { MediaType } from './body.ts'
import type { OAuthErrorCode } from './oauth-error.ts'
import type { RefusalCode } from './refusal.ts'

/** A value that an operation answers with, by status. */
export interface Reply {
  readonly description: string
  /** Absent for an empty body, a redirect or a page. */
  readonly schema?: z.ZodType
  readonly media?: 'application/json' | 'application/jwk-set+json' | 'text/html'
}

/** Who may call: anyone, an authenticated client, a person's session, or a bearer token with a scope. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'client' }
  | { readonly kind: 'session' }
  | { readonly kind: 'bearer'; readonly scope?: string }

/** What an operation for bearers refuses a token with, or the proof that a token needs that is bound to a key. */
export const bearerRefusals = [
  'credentials_missing',
  'credentials_malformed',
  'token_invalid',
  'token_expired',
  'token_revoked',
  'proof_missing',
  'proof_invalid',
  'proof_nonce_needed',
] as const

/** For an operation that takes no parameters of a kind, or no body. Unknown ones are ignored. */
export const none = z.object({})

/**
 * One operation, declared once: its route, parser, place in the OpenAPI document, and the list of statuses
 * that tests must cover all come from this.
 */
export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** In OpenAPI's form, e.g. `/v1/clients/{client_id}`. */
  readonly path: string
  readonly room: string
  readonly summary: string
  /** Which shape errors have: RFC 6749 §5.2, the envelope, or a page for people. */
  readonly dialect: 'oauth' | 'envelope' | 'page'
  readonly access: Access
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Content types that the body may come in; none when there is no body to read. */
  readonly media: readonly MediaType[]
  readonly bodyBytesMax: number
  /** Parameters of a query or form that may come more than once, and are then a list; RFC 8707 §2 has one. */
  readonly repeatable?: readonly string[]
  /** Whether a request may come without a body, and then without a content type. */
  readonly bodyIsOptional?: boolean
  /** Whether a member of the body that is `null` counts as left out, as in client metadata (RFC 7592 §2.2). */
  readonly nullIsAbsent?: boolean
  /** What a body of the wrong shape is refused with; `request_malformed` unless this says otherwise. */
  readonly bodyFaultCode?: RefusalCode
  readonly replies: Readonly<Record<number, Reply>>
  /** Error codes by status. What every operation may answer (500, 503) is not repeated. */
  readonly refusals: Readonly<Record<number, readonly (OAuthErrorCode | RefusalCode)[]>>
}

/** Declares an operation and keeps the types of its parts. Contracts hold nothing that runs. */
export function defineOperation<
  const Params extends z.ZodType,
  const Query extends z.ZodType,
  const Body extends z.ZodType,
>(operation: Operation<Params, Query, Body>): Operation<Params, Query, Body> {
  return operation
}
