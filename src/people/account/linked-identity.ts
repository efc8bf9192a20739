import * as z from 'zod'

import type { IdentityProvider, ProviderIdentity } from '../../federation/identity-provider.ts'
import type { HttpContext } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import type { Random } from '../../platform/random.ts'
import { open, seal } from '../../platform/seal.ts'
import { showLinkedIdentities } from './linked-identity.contract.ts'
import { confirmationPage } from './linked-identity.page.tsx'
import { issueFormToken, type FormUse } from '../form-token.ts'
import { signInPath } from '../return-path.ts'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

export interface LinkedIdentityPorts extends VisitorPorts {
  readonly formMac: Uint8Array
  readonly upstreamSeal: Uint8Array
  readonly random: Random
}

const Sealed = z.object({ issuer: z.string(), sub: z.string() })

/** What somebody came back with who wants to connect it, and the account that they were signed in to when they went. */
interface Returned {
  readonly identity: ProviderIdentity
  readonly provider: Pick<IdentityProvider, 'display_name'>
  readonly link_to: string
}

/**
 * Asks before an identity is connected.
 *
 * Somebody's browser may be signed in at the provider as an attacker, who would then have a way into the account. The
 * page names who it is there; without this step it would be connected unseen. It names them by what the provider has seen
 * to: an attacker could call themselves there by the name of the victim, or by an address of theirs.
 */
export async function askToLink(
  c: HttpContext,
  { identity, provider, link_to }: Returned,
  ports: LinkedIdentityPorts,
): Promise<Response> {
  const { now: nowMs } = c.var.facts
  const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
  if (visitor?.account.account_id !== link_to) return redirectTo(signInPath(showLinkedIdentities.path))
  const { issuer, sub, email, email_verified } = identity
  return confirmationPage({
    locale: localeOf(c),
    form_token: issueFormToken(linkUse(visitor), ports.formMac, nowMs),
    display_name: provider.display_name,
    name: email !== undefined && email_verified ? email : sub,
    email: visitor.account.email,
    identity: await seal(
      JSON.stringify({ issuer, sub }),
      ports.upstreamSeal,
      contextOf(visitor),
      ports.random,
    ),
  })
}

/** The identity that a confirmation is about, or undefined where it was made for another session. */
export async function openIdentity(
  sealed: string,
  visitor: SignedIn,
  ports: Pick<LinkedIdentityPorts, 'upstreamSeal'>,
): Promise<Pick<ProviderIdentity, 'issuer' | 'sub'> | undefined> {
  const text = await open(sealed, ports.upstreamSeal, contextOf(visitor))
  return text === undefined ? undefined : Sealed.parse(JSON.parse(text))
}

export function linkUse({ session }: SignedIn): FormUse {
  return { form: 'link_identity', holder: session.sid, about: session.account_id }
}

function contextOf({ session, account }: SignedIn): string {
  return JSON.stringify(['connect identity', session.sid, account.account_id])
}
