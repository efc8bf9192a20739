import type { Session } from '../../accounts/session.ts'
import { documentPage } from '../../http/document.page.tsx'
import { Instant } from '../../http/instant.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { endOneSession, endOtherSessions } from './sessions.contract.ts'
import { methodsInWords, sessionsWords } from './sessions.words.ts'

export interface SessionsView {
  readonly locale: Locale
  readonly form_token: string
  readonly sessions: readonly Session[]
  /** The session of the browser that asks. */
  readonly sid: string
  /** Whether a form was sent already that could not be taken. */
  readonly isStale: boolean
}

/** Tells no more of a session than is kept of it: when it began and how. */
export function sessionsPage(view: SessionsView): Response {
  const { locale, sessions, isStale } = view
  const words = sessionsWords[locale]
  const hasOthers = sessions.some(({ sid }) => sid !== view.sid)
  return documentPage(
    { locale, status: isStale ? 403 : 200, title: words.title },
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {isStale && (
        <p class="notice" role="alert">
          {words.stale}
        </p>
      )}
      <ul class="entries">
        {sessions.map((session) => (
          <Entry session={session} view={view} />
        ))}
      </ul>
      {hasOthers && (
        <form method="post" action={endOtherSessions.path}>
          <input type="hidden" name="form_token" value={view.form_token} />
          <button type="submit">{words.endOthers}</button>
        </form>
      )}
      <p class="quiet">
        <a href="/account">{words.back}</a>
      </p>
    </>,
  )
}

function Entry({ session, view }: { readonly session: Session; readonly view: SessionsView }) {
  const { locale, form_token } = view
  const words = sessionsWords[locale]
  const methods = methodsInWords(session.amr, locale)
  return (
    <li>
      <div>
        {session.sid === view.sid && <strong class="mark">{words.thisBrowser}</strong>}
        <p>
          {words.since} <Instant at={session.auth_time} locale={locale} />
        </p>
        {methods !== '' && (
          <p class="quiet">
            {words.by} {methods}
          </p>
        )}
      </div>
      {session.sid !== view.sid && (
        <form method="post" action={endOneSession.path}>
          <input type="hidden" name="form_token" value={form_token} />
          <input type="hidden" name="sid" value={session.sid} />
          <button type="submit" class="plain">
            {words.end}
            <span class="unseen">
              {' '}
              ({words.since} <Instant at={session.auth_time} locale={locale} />)
            </span>
          </button>
        </form>
      )}
    </li>
  )
}
