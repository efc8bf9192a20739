import type { GuardedAccount } from '../../accounts/account.ts'
import type { Session } from '../../accounts/session.ts'
import { subjectFor } from '../../clients/subject.ts'
import type { AuthorizeCommand, GrantsVault } from '../../grants/grants-vault.ts'
import { mintToken, type TokenKeys } from '../../grants/opaque-token.ts'
import { formatScope } from '../../grants/scope.ts'
import { assert } from '../../platform/assert.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/digest.ts'
import { randomId, type Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { fromStorage, type StorageFailure } from '../storage.ts'
import { requireAcr } from './acr-requirement.ts'
import type { RefusedReason } from './authorization-failure.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { errorResponse, type ClientResponse } from './authorization-response.ts'
import type { PushedRequests } from './effective-parameters.ts'
import { toQuery } from './request-checks.ts'
import { hasSignedInSince, stampRequest } from './request-start.ts'

/** Who is signed in in the browser that brings the request. */
export interface Visitor {
  readonly session: Session
  readonly account: Pick<GuardedAccount, 'account_id' | 'vault_id' | 'has_second_factor'>
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
  readonly pushedRequests: Pick<PushedRequests, 'spend'>
  readonly tokenKeys: TokenKeys
  readonly requestMac: Uint8Array
  readonly pairwiseSubject: Uint8Array
  readonly random: Random
}

/** Where the browser goes next: on within this server, or to the client with what it is told. */
export type AuthorizationAnswer =
  | { readonly kind: 'onward'; readonly path: string }
  | { readonly kind: 'response'; readonly response: ClientResponse }

/**
 * Answers an authorization request: with sign-in, with consent, or to the client with a code or an error.
 *
 * The authorization endpoint and the consent form both come through here, so that consent given in an old tab
 * does not step around a sign-in that the client asked for.
 */
export async function answerAuthorization(
  attempt: AuthorizationAttempt,
  ports: AuthorizationPorts,
): Promise<AuthorizationAnswer> {
  const { request, visitor, consent } = attempt
  if (consent === 'declined') return refuse(request, 'access_denied')

  const isSilent = request.prompts.includes('none')
  const signIn = () => (isSilent ? refuse(request, 'login_required') : onward(signInUrl(attempt, ports)))
  if (visitor === undefined || !isFresh(attempt, visitor, ports)) return signIn()
  if (!isExpected(request, visitor, ports)) return answerUnexpected(attempt, visitor, ports)
  switch (requireAcr(request.acr, visitor.session.amr, visitor.account)) {
    case 'step_up':
      return signIn()
    case 'unmet':
      return refuse(request, 'acr_unmet')
    case 'met':
      return answerSignedIn(attempt, visitor, ports)
  }
}

async function answerSignedIn(
  attempt: AuthorizationAttempt,
  visitor: Visitor,
  ports: AuthorizationPorts,
): Promise<AuthorizationAnswer> {
  const { request, consent } = attempt
  if (request.prompts.includes('consent') && consent !== 'given') return onward(consentUrl(attempt, ports))
  const issued = await issueCode(attempt, visitor, ports)
  if (issued.ok) {
    const { state } = request
    return { kind: 'response', response: { recipient: request, parameters: { code: issued.value, state } } }
  }
  const mayAsk = issued.failure.reason === 'consent_required' && !request.prompts.includes('none')
  return mayAsk ? onward(consentUrl(attempt, ports)) : refuse(request, issued.failure.reason)
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

/**
 * Whether the person is who the client expects, by a hint or by the `sub` that it demands in `claims`. Both are what
 * this client knows the person by, so they are compared with that and not with the account.
 */
function isExpected(
  { client, hinted_sub, claims }: AuthorizationRequest,
  { account }: Visitor,
  { pairwiseSubject }: AuthorizationPorts,
): boolean {
  const sub = subjectFor(client, account.account_id, pairwiseSubject)
  return (hinted_sub ?? sub) === sub && (claims?.subs ?? [sub]).includes(sub)
}

/**
 * Somebody else is signed in than the client expects. They may sign in as who is expected, once; after that the
 * client is told, and never given a code for the other person (OpenID Connect Core §3.1.2.2).
 */
function answerUnexpected(
  attempt: AuthorizationAttempt,
  visitor: Visitor,
  ports: AuthorizationPorts,
): AuthorizationAnswer {
  const { request } = attempt
  const hasTried =
    request.start !== undefined && hasSignedInSince(request.start, visitor.session, ports.requestMac)
  return hasTried || request.prompts.includes('none')
    ? refuse(request, 'person_unexpected')
    : onward(signInUrl(attempt, ports))
}

interface NoCode {
  readonly reason: 'consent_required' | 'pushed_request_unknown'
}

/**
 * Issues a code, unless the person has yet to consent to as much as is asked.
 *
 * A pushed request is spent last, when nothing else can go wrong, and decides which of two tabs gets its code: the other
 * one's is never told to anybody and expires (RFC 9126 §7.3).
 */
async function issueCode(
  { request, consent }: AuthorizationAttempt,
  { session, account }: Visitor,
  ports: AuthorizationPorts,
): Promise<Result<string, NoCode | StorageFailure>> {
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
      resource: request.resource,
      claims: request.claims?.canonical ?? null,
      dpop_jkt: request.dpop_jkt,
    },
  }
  const answer = await fromStorage('authorize', () => ports.vault.authorize(account.vault_id, command))
  if (!answer.ok) return answer
  if (answer.value.outcome === 'consent_required') return fail({ reason: 'consent_required' })
  const isFirst = await spendPushed(request, ports)
  if (!isFirst.ok) return isFirst
  return isFirst.value ? ok(code.reveal()) : fail({ reason: 'pushed_request_unknown' })
}

async function spendPushed(
  { pushed_uri, client }: AuthorizationRequest,
  { pushedRequests }: AuthorizationPorts,
): Promise<Result<boolean, StorageFailure>> {
  if (pushed_uri === undefined) return ok(true)
  return fromStorage('spend pushed request', () => pushedRequests.spend(pushed_uri, client.client_id))
}

function refuse(request: AuthorizationRequest, reason: RefusedReason): AuthorizationAnswer {
  return { kind: 'response', response: errorResponse(reason, request) }
}

function onward(path: string): AuthorizationAnswer {
  return { kind: 'onward', path }
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
