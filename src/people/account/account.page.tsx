import type { Child } from 'hono/jsx'

import { documentPage } from '../../http/document.page.tsx'
import { Instant } from '../../http/instant.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { accountWords } from './account.words.ts'
import { showConnectedApps } from './connected-apps.contract.ts'
import { showFactors } from './factors.contract.ts'
import { showLinkedIdentities } from './linked-identity.contract.ts'
import { showSessions } from './sessions.contract.ts'
import { SignOutButton } from '../sign-in/sign-out.page.tsx'
import { VerifyEmailButton } from '../e-mail/verify-email.page.tsx'

export interface AccountView {
  readonly locale: Locale
  readonly form_token: string
  readonly name: string | undefined
  readonly email: string
  /** For the button that confirms the address, where it is not confirmed and mail can be sent. */
  readonly verification_token: string | undefined
  /** Whether there are other OpenID providers to sign in through. */
  readonly hasProviders: boolean
  /** Epoch seconds. */
  readonly auth_time: number
}

export function accountPage(view: AccountView): Response {
  const { locale, verification_token } = view
  const words = accountWords[locale]
  return documentPage(
    { locale, status: 200, title: words.title },
    <>
      <h1>{words.title}</h1>
      <dl class="facts">
        {view.name !== undefined && <Fact term={words.name} value={<bdi>{view.name}</bdi>} />}
        <Fact term={words.email} value={view.email} />
        <Fact term={words.signedInSince} value={<Instant at={view.auth_time} locale={locale} />} />
      </dl>
      {verification_token !== undefined && (
        <>
          <p>{words.unconfirmed}</p>
          <VerifyEmailButton locale={locale} form_token={verification_token} />
        </>
      )}
      <nav aria-label={words.pages}>
        <ul class="links">
          <li>
            <a href={showFactors.path}>{words.security}</a>
          </li>
          <li>
            <a href={showSessions.path}>{words.sessions}</a>
          </li>
          <li>
            <a href={showConnectedApps.path}>{words.apps}</a>
          </li>
          {view.hasProviders && (
            <li>
              <a href={showLinkedIdentities.path}>{words.providers}</a>
            </li>
          )}
        </ul>
      </nav>
      <SignOutButton form_token={view.form_token} locale={locale} isAside />
    </>,
  )
}

function Fact({ term, value }: { readonly term: string; readonly value: Child }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  )
}
