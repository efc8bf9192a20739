/** The `__Host-` prefix keeps other hosts of the domain from setting it, so nobody can plant a session. */
export const SESSION_COOKIE = '__Host-gatewright_session'

/** A signed-in browser. `sid` may be told to clients; the cookie's value is another secret and is kept as a digest only. */
export interface Session {
  readonly sid: string
  readonly account_id: string
  /** When the person last proved who they are; silent authorizations leave it alone. */
  readonly auth_time: number
  /** How they proved it (RFC 8176). */
  readonly amr: readonly string[]
  readonly expires_at: number
}
