/**
 * What an ID token's `acr` says of a person who proved one thing, a password. Nothing else is offered yet, so
 * it is the only class there is.
 *
 * @see OpenID Connect Core 1.0 §2 (acr)
 */
export const singleFactorAcr = 'urn:gatewright:acr:single-factor'
