import * as z from 'zod'

import { claimNamesFor, personClaimNames } from '../../accounts/person-claims.ts'

/** Null asks for a claim in the default manner; the members say how much it matters and what it must be. */
const ClaimRequest = z.union([
  z.null(),
  z.object({
    essential: z.boolean().exactOptional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).exactOptional(),
  }),
])

const ClaimRequests = z.record(z.string(), ClaimRequest)

/** Members that are not understood are ignored, as OpenID Connect Core §5.5 says. */
const ClaimsParameter = z.object({
  userinfo: ClaimRequests.nullish(),
  id_token: ClaimRequests.nullish(),
})

export interface ClaimsRequest {
  /** In one spelling: names in order, no blanks, nothing that was not understood. */
  readonly canonical: string
  /** Whom the client expects (§5.5.1), from either place; undefined when anybody will do. */
  readonly subs: readonly string[] | undefined
  /** Levels of authentication in order of preference (§5.5.1.1); undefined when none is named. */
  readonly acr: { readonly values: readonly string[]; readonly isEssential: boolean } | undefined
}

/**
 * Reads the `claims` parameter, or answers undefined where it is not what §5.5 describes.
 *
 * `scopes` are those that the client is registered for. Claims about the person that none of them would open are left out,
 * or naming claims one by one would be a way around the registration.
 *
 * @see OpenID Connect Core 1.0 §5.5
 */
export function readClaimsParameter(text: string, scopes: readonly string[]): ClaimsRequest | undefined {
  const parsed = ClaimsParameter.safeParse(parseJson(text))
  if (!parsed.success) return undefined
  const userinfo = parsed.data.userinfo ?? {}
  const id_token = parsed.data.id_token ?? {}
  const acr = id_token['acr'] ?? undefined
  return {
    canonical: JSON.stringify({ id_token: inOrder(id_token, scopes), userinfo: inOrder(userinfo, scopes) }),
    subs: commonSubs(valuesOf(id_token['sub']), valuesOf(userinfo['sub'])),
    acr: acr && { values: valuesOf(acr) ?? [], isEssential: acr.essential === true },
  }
}

type ClaimRequest = z.output<typeof ClaimRequest>

/** What a claim must be one of, as far as texts go; undefined when nothing is said about it. */
function valuesOf(request: ClaimRequest | undefined): readonly string[] | undefined {
  if (request === null || request === undefined) return undefined
  const { value, values } = request
  if (value === undefined && values === undefined) return undefined
  return [value, ...(values ?? [])].filter((candidate) => typeof candidate === 'string')
}

/** Somebody is expected in both places only who is expected in each. */
function commonSubs(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.filter((sub) => other.includes(sub))
}

function inOrder(
  requests: Readonly<Record<string, ClaimRequest>>,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> {
  const opened = new Set<string>(claimNamesFor(scopes))
  const closed = new Set<string>(personClaimNames.filter((name) => !opened.has(name)))
  const names = Object.keys(requests)
    .filter((name) => !closed.has(name))
    .toSorted()
  return Object.fromEntries(names.map((name) => [name, inSpelling(requests[name])]))
}

/** Values that are not texts or numbers are left out: no claim of ours could have one. */
function inSpelling(request: ClaimRequest | undefined) {
  if (request === null || request === undefined) return null
  const { essential, value, values } = request
  return {
    ...(essential === true && { essential }),
    ...(isPlain(value) && { value }),
    ...(values !== undefined && { values: values.filter(isPlain) }),
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** Nesting deeper than the parser's stack ends here too: the text is a stranger's. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
