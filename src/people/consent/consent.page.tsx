import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { AskedList, type Asked } from './asked.page.tsx'
import { ClientLinks } from './client-links.page.tsx'
import { ClientLogo } from './client-logo.page.tsx'
import { logoSources, type ClientView } from './client-view.ts'
import { consentWords } from './consent.words.ts'

export interface ConsentForm extends Asked {
  readonly locale: Locale
  /** Path and query that the form is sent to: the request that is being decided. */
  readonly action: string
  readonly form_token: string
  readonly client: ClientView
  readonly email: string
  /** Where the answer will be taken, as far as a person can make sense of it. */
  readonly destination: string
  readonly signInPath: string
  readonly formTargets: readonly string[]
  readonly isStale: boolean
}

/**
 * Asks whether a client may have what it asks for.
 *
 * The name is the client's own claim, so the page also says where the answer goes: somebody else's application
 * can call itself anything, but cannot receive anything elsewhere than at its registered address.
 */
export function consentPage(form: ConsentForm): Response {
  const { locale, client, isStale } = form
  const words = consentWords[locale]
  return documentPage(
    {
      locale,
      status: isStale ? 403 : 200,
      title: words.title,
      formTargets: form.formTargets,
      imageSources: logoSources(client),
    },
    <>
      <ClientLogo client={client} locale={locale} />
      <h1>
        {words.question[0]}
        <bdi>{client.name}</bdi>
        {words.question[1]}
      </h1>
      {isStale && (
        <p class="notice" role="alert">
          {words.stale}
        </p>
      )}
      <p class="lead">
        {words.signedInAs[0]}
        <strong>{form.email}</strong>
        {words.signedInAs[1]} <a href={form.signInPath}>{words.useAnother}</a>
      </p>
      <AskedList asked={form} locale={locale} words={words} />
      <form method="post" action={form.action} class="choices">
        <input type="hidden" name="form_token" value={form.form_token} />
        <button type="submit" name="decision" value="deny" class="plain">
          {words.deny}
        </button>
        <button type="submit" name="decision" value="allow">
          {words.allow}
        </button>
      </form>
      <p class="quiet">
        {words.goesOnTo[0]}
        <bdi>{form.destination}</bdi>
        {words.goesOnTo[1]}
      </p>
      <ClientLinks client={client} locale={locale} />
    </>,
  )
}
