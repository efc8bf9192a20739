import type {
  AuthorizeCommand,
  RedeemCodeCommand,
  RefreshCommand,
  RevokeCommand,
} from '../../../src/grants/grants-vault.ts'

interface KnownGrant {
  readonly client_id: string
  readonly scope: readonly string[]
  readonly created: number
  ends: number
  ended: number | undefined
}

interface KnownCode {
  readonly grant_id: string
  readonly redirect_uri: string
  readonly code_challenge: string | null
  readonly issued: number
  spent: boolean
}

interface KnownToken {
  readonly grant_id: string
  readonly issued: number
  lastUse: number
  spent: { readonly at: number; readonly by: string; readonly sealed: string } | undefined
}

const DAY = 86_400
const RETRY_SECONDS = 30
const IDLE_SECONDS = 30 * DAY
const GRANT_SECONDS = 90 * DAY
const ACCESS_SECONDS = 3_600
const SKEW_SECONDS = 30

/**
 * What must be answered, written from the specifications as one plain story and sharing no line with the code.
 *
 * It keeps everything in memory for ever; so where the ledger forgets, the two can only agree if forgetting
 * makes no difference, or makes the one that `sweep` allows.
 */
export class Oracle {
  readonly #grants = new Map<string, KnownGrant>()
  readonly #codes = new Map<string, KnownCode>()
  readonly #tokens = new Map<string, KnownToken>()
  readonly #consents = new Map<string, Set<string>>()

  authorize({ grant_id, code_digest, bindings, consent }: AuthorizeCommand, now: number): string {
    const scope = bindings.scope.split(' ')
    const key = `${bindings.client_id} ${bindings.resource.toSorted().join(' ')}`
    const allowed = this.#consents.get(key) ?? new Set()
    if (consent === 'remembered' && !scope.every((token) => allowed.has(token))) return 'consent_required'
    if (consent === 'given') this.#consents.set(key, new Set([...allowed, ...scope]))
    const { client_id, redirect_uri, code_challenge } = bindings
    this.#grants.set(grant_id, { client_id, scope, created: now, ends: now + 60, ended: undefined })
    this.#codes.set(code_digest, { grant_id, redirect_uri, code_challenge, issued: now, spent: false })
    return 'issued'
  }

  redeemCode(command: RedeemCodeCommand, now: number): string {
    const code = this.#codes.get(command.code_digest)
    const grant = code === undefined ? undefined : this.#grants.get(code.grant_id)
    if (code === undefined || grant === undefined) return 'code_unknown'
    if (grant.client_id !== command.client_id) return 'client_mismatch'
    if (command.redirect_uri !== code.redirect_uri) return 'redirect_uri_mismatch'
    if (command.code_challenge !== code.code_challenge) return 'verifier_mismatch'
    if (code.spent) {
      grant.ended ??= now
      return 'code_spent'
    }
    if (now >= code.issued + 60) return 'code_expired'
    if (grant.ended !== undefined) return 'grant_ended'
    code.spent = true
    grant.ends =
      command.refresh === null ? now + ACCESS_SECONDS + SKEW_SECONDS : grant.created + GRANT_SECONDS
    if (command.refresh !== null) this.#learnToken(command.refresh.digest, code.grant_id, now)
    return 'granted'
  }

  refresh(command: RefreshCommand, now: number): string {
    const token = this.#tokens.get(command.token_digest)
    const grant = token === undefined ? undefined : this.#grants.get(token.grant_id)
    if (token === undefined || grant === undefined) return 'token_unknown'
    if (grant.client_id !== command.client_id) return 'client_mismatch'
    const asksTooMuch = command.scope?.some((scope) => !grant.scope.includes(scope)) ?? false
    if (token.spent !== undefined) {
      if (grant.ended !== undefined) return 'grant_ended'
      if (now >= grant.ends) return 'token_expired'
      if (now > token.spent.at + RETRY_SECONDS) {
        grant.ended = now
        return 'token_reused'
      }
      if (this.#tokens.get(token.spent.by)?.spent !== undefined) return 'token_superseded'
      return asksTooMuch ? 'scope_exceeded' : `sealed ${token.spent.sealed}`
    }
    if (now >= Math.min(token.lastUse + IDLE_SECONDS, grant.ends)) return 'token_expired'
    if (grant.ended !== undefined) return 'grant_ended'
    if (asksTooMuch) return 'scope_exceeded'
    if (command.successor === null) {
      const reaches = Math.min(now + IDLE_SECONDS, grant.ends)
      if (reaches - Math.min(token.lastUse + IDLE_SECONDS, grant.ends) >= 3_600) token.lastUse = now
      return 'kept'
    }
    token.spent = { at: now, by: command.successor.digest, sealed: command.successor.sealed }
    this.#learnToken(command.successor.digest, token.grant_id, now)
    return 'taken'
  }

  inspect(token_digest: string, now: number): string {
    const token = this.#tokens.get(token_digest)
    const grant = token === undefined ? undefined : this.#grants.get(token.grant_id)
    if (token === undefined || grant === undefined || token.spent !== undefined) return 'inactive'
    const isOver = grant.ended !== undefined || now >= Math.min(token.lastUse + IDLE_SECONDS, grant.ends)
    return isOver ? 'inactive' : 'active'
  }

  revoke({ token_digest, client_id }: RevokeCommand, now: number): string {
    const token = this.#tokens.get(token_digest)
    const grant = token === undefined ? undefined : this.#grants.get(token.grant_id)
    if (token === undefined || grant === undefined || grant.client_id !== client_id) return 'nothing'
    grant.ended ??= now
    return token.grant_id
  }

  disconnect(client_id: string, now: number): void {
    for (const grant of this.#grants.values()) if (grant.client_id === client_id) grant.ended ??= now
    for (const key of this.#consents.keys()) if (key.split(' ')[0] === client_id) this.#consents.delete(key)
  }

  /** Every client that may do something or need not ask again, with all that it may. */
  connections(now: number): Readonly<Record<string, readonly string[]>> {
    const known = new Map<string, Set<string>>()
    const add = (client_id: string, scope: Iterable<string>) =>
      known.set(client_id, new Set([...(known.get(client_id) ?? []), ...scope]))
    for (const { client_id, scope, ended, ends } of this.#grants.values())
      if (ended === undefined && now < ends) add(client_id, scope)
    for (const [key, scope] of this.#consents) add(key.split(' ')[0] ?? '', scope)
    return Object.fromEntries(Array.from(known, ([client_id, scope]) => [client_id, [...scope].toSorted()]))
  }

  sweep(now: number): void {
    for (const [grant_id, grant] of this.#grants)
      if (grant.ends <= now || (grant.ended ?? Infinity) <= now - ACCESS_SECONDS)
        this.#grants.delete(grant_id)
  }

  /** Grants that ended and were not swept: each must have left a revocation. */
  endedGrants(): readonly string[] {
    return [...this.#grants].filter(([, { ended }]) => ended !== undefined).map(([grant_id]) => grant_id)
  }

  #learnToken(digest: string, grant_id: string, now: number): void {
    this.#tokens.set(digest, { grant_id, issued: now, lastUse: now, spent: undefined })
  }
}
