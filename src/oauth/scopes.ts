/**
 * Scopes about the person who signed in. There is nobody for them to be about when a client gets a token for
 * itself.
 *
 * @see OpenID Connect Core 1.0 §5.4 (claims by scope), §11 (offline_access)
 */
const PERSONAL_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
])

/**
 * Scopes that open this server itself. A person's consent never gives them: accounts have no roles, so whoever
 * may sign in could otherwise make an operator of any client that lists them.
 */
const OPERATOR_SCOPES: ReadonlySet<string> = new Set(['manage', 'authorize', 'introspect'])

/** What discovery names. Clients may be registered with scopes of their own beside these. */
export const knownScopes: readonly string[] = [
  ...PERSONAL_SCOPES,
  'read',
  'write',
  'read:profile',
  'read:users',
  ...OPERATOR_SCOPES,
]

/** Whether a person can give a scope to a client. */
export function isGivenByPeople(scope: string): boolean {
  return !OPERATOR_SCOPES.has(scope)
}

/** Whether a client can have a scope for itself, with nobody signed in. */
export function isHeldByClients(scope: string): boolean {
  return !PERSONAL_SCOPES.has(scope)
}
