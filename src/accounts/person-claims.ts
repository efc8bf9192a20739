import type { Account } from './account.ts'
import type { StandardClaims } from './standard-claims.contract.ts'

/** What a client may learn of a person besides `sub`: registered claims only, under their registered names. */
export interface PersonClaims extends StandardClaims {
  readonly email?: string
  readonly email_verified?: boolean
  readonly updated_at?: number
}

/** The claims that each scope opens, and no others (OpenID Connect Core §5.4). */
const CLAIMS_BY_SCOPE = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
} as const

export type PersonClaimName = (typeof CLAIMS_BY_SCOPE)[keyof typeof CLAIMS_BY_SCOPE][number]

/** Every claim about a person that there is, to be asked for by a scope or by its name. */
export const personClaimNames: readonly PersonClaimName[] = [
  ...CLAIMS_BY_SCOPE.profile,
  ...CLAIMS_BY_SCOPE.email,
  ...CLAIMS_BY_SCOPE.address,
  ...CLAIMS_BY_SCOPE.phone,
]

export function claimNamesFor(scopes: readonly string[]): readonly PersonClaimName[] {
  const { profile, email, address, phone } = CLAIMS_BY_SCOPE
  return [
    ...(scopes.includes('profile') ? profile : []),
    ...(scopes.includes('email') ? email : []),
    ...(scopes.includes('address') ? address : []),
    ...(scopes.includes('phone') ? phone : []),
  ]
}

/** The scopes that would open these claims. */
export function scopesOpening(names: readonly PersonClaimName[]): readonly string[] {
  const scopes = ['profile', 'email', 'address', 'phone']
  return scopes.filter((scope) => claimNamesFor([scope]).some((name) => names.includes(name)))
}

/** The named claims that the person has; one that they do not have is absent, never null (§5.3.2). */
export function claimsNamed(account: Account, names: readonly PersonClaimName[]): PersonClaims {
  const { claims, email, email_verified, updated_at } = account
  const all: PersonClaims = { ...claims, email, email_verified, updated_at }
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])))
}
