import type { Account } from '../../accounts/account.ts'
import type { Session } from '../../accounts/session.ts'
import { subjectFor } from '../../clients/subject.ts'
import type { AuthorizeCommand, GrantsVault } from '../../grants/grants-vault.ts'
import { mintToken, type TokenKeys } from '../../grants/opaque-token.ts'
import { formatScope } from '../../grants/scope.ts'
import { assert } from '../../platform/assert.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/digest.ts'
import { randomId, type Random } from '../../platform/random.ts'
import { ok, type Result } from '../../platform/result.ts'
import { fromStorage, type StorageFailure } from '../storage.ts'
import type { RefusedReason } from './authorization-failure.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { errorUrl, responseUrl } from './authorization-response.ts'
import { hasSignedInSince, stampRequest } from './request-start.ts'

/** Who is signed in in the browser that brings the request. */
export interface Visitor {
  readonly session: Session
  readonly account: Pick<Account, 'account_id' | 'vault_id'>
}

/** One arrival of a request: at the authorization endpoint, or with the answer of the consent form. */
export interface AuthorizationAttempt {
  readonly request: AuthorizationRequest
  readonly visitor: Visitor | undefined
  readonly consent: 'unasked' | 'given' | 'declined'
  readonly nowMs: number
}

export interface AuthorizationPorts {
  readonly issuer: string
  readonly vault: Pick<GrantsVault, 'authorize'>
  readonly tokenKeys: TokenKeys
  readonly requestMac: Uint8Array
  readonly pairwiseSubject: Uint8Array
  readonly random: Random
}

/**
 * Answers an authorization request with the URL that the browser goes to next: sign-in, consent, or the client
 * with a code or an error.
 *
 * The authorization endpoint and the consent form both come through here, so that consent given in an old tab
 * does not step around a sign-in that the client asked for.
 */
export async function answerAuthorization(
  attempt: AuthorizationAttempt,
  ports: AuthorizationPorts,
): Promise<string> {
  const { request, visitor, consent } = attempt
  if (consent === 'declined') return refuse(request, 'access_denied', ports)

  const isSilent = request.prompts.includes('none')
  const isSignedIn = visitor !== undefined && isFresh(attempt, visitor, ports)
  if (!isSignedIn) {
    return isSilent ? refuse(request, 'login_required', ports) : signInUrl(attempt, ports)
  }
  if (!isExpected(request, visitor)) return answerUnexpected(attempt, visitor, ports)
  if (request.prompts.includes('consent') && consent !== 'given') return consentUrl(attempt, ports)

  const issued = await issueCode(attempt, visitor, ports)
  if (!issued.ok) return refuse(request, issued.failure.reason, ports)
  if (issued.value === undefined) {
    return isSilent ? refuse(request, 'consent_required', ports) : consentUrl(attempt, ports)
  }
  return responseUrl(request.redirect_uri, { code: issued.value, state: request.state, iss: ports.issuer })
}

/** Where a request goes to be answered again from the start, by the authorization endpoint. */
export function authorizePath(request: Pick<AuthorizationRequest, 'parameters'>): string {
  return `/oauth/authorize?${toQuery(request.parameters)}`
}

/**
 * Whether the person has authenticated recently enough for what the client asked.
 *
 * `prompt=login`, and `max_age=0` which means the same, need a session made after the request began. `select_account` is
 * answered by the same page, because it is where an account is chosen. Any other `max_age` is counted back
 * from when the request began, so that time spent at consent does not use it up.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1
 */
function isFresh(
  { request, nowMs }: AuthorizationAttempt,
  { session }: Visitor,
  ports: AuthorizationPorts,
): boolean {
  const { start, prompts, max_age } = request
  const mustSignIn = prompts.includes('login') || prompts.includes('select_account') || max_age === 0
  if (mustSignIn) return start !== undefined && hasSignedInSince(start, session, ports.requestMac)
  if (max_age === undefined) return true
  return session.auth_time >= (start?.requested_at ?? epochSeconds(nowMs)) - max_age
}

function isExpected({ hinted_account_id }: AuthorizationRequest, { account }: Visitor): boolean {
  return hinted_account_id === undefined || hinted_account_id === account.account_id
}

/**
 * Somebody else is signed in than the client expects. They may sign in as who is expected, once; after that the
 * client is told, and never given a code for the other person (OpenID Connect Core §3.1.2.2).
 */
function answerUnexpected(
  attempt: AuthorizationAttempt,
  visitor: Visitor,
  ports: AuthorizationPorts,
): string {
  const { request } = attempt
  const hasTried =
    request.start !== undefined && hasSignedInSince(request.start, visitor.session, ports.requestMac)
  return hasTried || request.prompts.includes('none')
    ? refuse(request, 'hint_of_another', ports)
    : signInUrl(attempt, ports)
}

/** Issues a code, or answers undefined where the person has not yet consented to as much as is asked. */
async function issueCode(
  { request, consent }: AuthorizationAttempt,
  { session, account }: Visitor,
  ports: AuthorizationPorts,
): Promise<Result<string | undefined, StorageFailure>> {
  assert(session.account_id === account.account_id, 'the session is of the account that grants')
  const code = mintToken('code', account.vault_id, ports.tokenKeys, ports.random)
  const asked = request.client.first_party ? 'waived' : 'remembered'
  const command: AuthorizeCommand = {
    grant_id: randomId(ports.random),
    code_digest: sha256(code.reveal()),
    consent: consent === 'given' ? 'given' : asked,
    bindings: {
      client_id: request.client.client_id,
      redirect_uri: request.redirect_uri,
      code_challenge: request.code_challenge,
      account_id: account.account_id,
      sub: subjectFor(request.client, account.account_id, ports.pairwiseSubject),
      sid: session.sid,
      scope: formatScope(request.scope),
      nonce: request.nonce,
      auth_time: session.auth_time,
      amr: session.amr,
      resource: [],
      claims: null,
      dpop_jkt: null,
    },
  }
  const answer = await fromStorage('authorize', () => ports.vault.authorize(account.vault_id, command))
  if (!answer.ok) return answer
  return ok(answer.value.outcome === 'issued' ? code.reveal() : undefined)
}

function refuse(request: AuthorizationRequest, reason: RefusedReason, ports: AuthorizationPorts): string {
  const { redirect_uri, state } = request
  return errorUrl({ reason, redirect_uri, state }, ports.issuer)
}

function signInUrl(attempt: AuthorizationAttempt, ports: AuthorizationPorts): string {
  const path = authorizePath({ parameters: stamped(attempt, ports) })
  return `/sign-in?${new URLSearchParams({ continue: path }).toString()}`
}

function consentUrl(attempt: AuthorizationAttempt, ports: AuthorizationPorts): string {
  return `/consent?${toQuery(stamped(attempt, ports))}`
}

/** A request that has a valid start keeps it: a new one at each turn would undo the sign-in that it asked for. */
function stamped({ request, visitor, nowMs }: AuthorizationAttempt, ports: AuthorizationPorts) {
  const { parameters, start } = request
  if (start !== undefined) return parameters
  const requested_at = stampRequest(parameters, visitor?.session.sid, ports.requestMac, nowMs)
  return { ...parameters, requested_at }
}

function toQuery(parameters: AuthorizationRequest['parameters']): string {
  return new URLSearchParams(Object.entries(parameters)).toString()
}
