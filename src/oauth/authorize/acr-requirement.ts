import { acrValues, meetsAcr, requiredAcr, type Acr } from '../../accounts/acr.ts'
import type { ClaimsRequest } from './claims-parameter.ts'

/** What a client asks for, in order of preference. */
export interface AcrRequest {
  readonly values: readonly Acr[]
  /** Without one of these there is to be no code (OpenID Connect Core §5.5.1.1). */
  readonly isEssential: boolean
}

/** `step_up`: a sign-in brings it about. `unmet`: the account has nothing that would. */
export type AcrAnswer = 'met' | 'step_up' | 'unmet'

/**
 * Whether a session is strong enough for a code: for the account itself, and for what the client asks.
 *
 * Every way to a code comes through here. An account that can do better than a password always has to, so a session
 * that is good enough for the account is as strong as it gets: a preference (`acr_values`) is met as well as it can be and
 * never an error, and an essential level that is not met by it is met by nothing.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1 (acr_values), §5.5.1.1 (essential acr)
 */
export function requireAcr(
  acr: AcrRequest | undefined,
  amr: readonly string[],
  account: { readonly has_second_factor: boolean },
): AcrAnswer {
  if (!meetsAcr(amr, requiredAcr(account))) return 'step_up'
  if (acr === undefined || !acr.isEssential) return 'met'
  return acr.values.some((value) => meetsAcr(amr, value)) ? 'met' : 'unmet'
}

/**
 * What a request and its client ask for, or undefined. `claims` says it most precisely, `acr_values` next, and the
 * registration last. Levels that are not known here are left out: they may be another server's.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1, §5.5.1.1
 * @see OpenID Connect Dynamic Client Registration 1.0 §2 (default_acr_values)
 */
export function requestedAcr(
  claims: ClaimsRequest | undefined,
  acr_values: string | undefined,
  default_acr_values: readonly string[] = [],
): AcrRequest | undefined {
  const demanded = claims?.acr?.values ?? []
  const asked = demanded.length > 0 ? demanded : (acr_values?.split(' ') ?? default_acr_values)
  if (asked.length === 0) return undefined
  const isEssential = demanded.length > 0 && claims?.acr?.isEssential === true
  return { values: asked.flatMap((text) => acrValues.filter((value) => value === text)), isEssential }
}
