import type { InEachLocale } from '../../http/locale.ts'

export interface AccountWords {
  readonly title: string
  readonly name: string
  readonly email: string
  readonly signedInSince: string
  readonly unconfirmed: string
  /** What the list of links is of. */
  readonly pages: string
  readonly security: string
  readonly sessions: string
  readonly apps: string
  readonly providers: string
}

export const accountWords: InEachLocale<AccountWords> = {
  en: {
    title: 'Your account',
    name: 'Name',
    email: 'E-mail address',
    signedInSince: 'Signed in since',
    unconfirmed: 'Your e-mail address is not confirmed yet.',
    pages: 'Pages of your account',
    security: 'Sign-in security',
    sessions: 'Where you are signed in',
    apps: 'Connected applications',
    providers: 'Other ways to sign in',
  },
  de: {
    title: 'Ihr Konto',
    name: 'Name',
    email: 'E-Mail-Adresse',
    signedInSince: 'Angemeldet seit',
    unconfirmed: 'Ihre E-Mail-Adresse ist noch nicht bestätigt.',
    pages: 'Seiten Ihres Kontos',
    security: 'Sicherheit der Anmeldung',
    sessions: 'Wo Sie angemeldet sind',
    apps: 'Verbundene Anwendungen',
    providers: 'Andere Wege zur Anmeldung',
  },
}
