/**
 * How well somebody has proved who they are, weakest first: by one thing, or by two of different kinds.
 *
 * @see OpenID Connect Core 1.0 §2 (acr), §3.1.2.1 (acr_values)
 */
export const acrValues = ['urn:gatewright:acr:single-factor', 'urn:gatewright:acr:multi-factor'] as const

export type Acr = (typeof acrValues)[number]

/** The level, and every stronger one. */
export function acrFrom(required: Acr): readonly Acr[] {
  return acrValues.slice(acrValues.indexOf(required))
}

/** The level that methods of authentication come to; `mfa` is among them when there were several (RFC 8176 §2). */
export function acrOf(amr: readonly string[]): Acr {
  return amr.includes('mfa') ? 'urn:gatewright:acr:multi-factor' : 'urn:gatewright:acr:single-factor'
}

/**
 * The level to tell a client that asked for one of these: the best of them that the methods come to. Who has done more than
 * was asked for has done that as well, and a client looks for what it asked for (OpenID Connect Core §5.5.1.1).
 * Where none of them fits, the client hears the truth.
 */
export function acrAmong(asked: readonly string[], amr: readonly string[]): Acr {
  return acrValues.findLast((acr) => asked.includes(acr) && meetsAcr(amr, acr)) ?? acrOf(amr)
}

/**
 * The level that an account asks of whoever acts for it. Somebody who has set a second factor has said that the password
 * is not enough; for the person it is a choice, for everything behind it a rule.
 */
export function requiredAcr(account: { readonly has_second_factor: boolean }): Acr {
  return account.has_second_factor ? 'urn:gatewright:acr:multi-factor' : 'urn:gatewright:acr:single-factor'
}

/**
 * Whether methods of authentication come to a level, or to a better one.
 *
 * Every way to a token asks this and nothing else: sign-in, silent authorization, device, exchange and step-up. A way
 * that forgot to ask is how tokens were issued before the second factor elsewhere.
 */
export function meetsAcr(amr: readonly string[], required: Acr): boolean {
  return acrValues.indexOf(acrOf(amr)) >= acrValues.indexOf(required)
}
