import type { InEachLocale, Locale } from '../../http/locale.ts'

export interface SessionsWords {
  readonly title: string
  readonly lead: string
  readonly stale: string
  /** Before the instant. */
  readonly since: string
  readonly thisBrowser: string
  /** Before the ways in which somebody has proved who they are. */
  readonly by: string
  readonly end: string
  readonly endOthers: string
  readonly back: string
}

export const sessionsWords: InEachLocale<SessionsWords> = {
  en: {
    title: 'Where you are signed in',
    lead: 'If you do not recognise one of these sign-ins, end it and change your password.',
    stale: 'This page was open too long, and nothing was ended. Please try again.',
    since: 'Since',
    thisBrowser: 'This browser',
    by: 'Signed in with',
    end: 'End',
    endOthers: 'End all others',
    back: 'Your account',
  },
  de: {
    title: 'Wo Sie angemeldet sind',
    lead: 'Wenn Sie eine dieser Anmeldungen nicht kennen, beenden Sie sie und ändern Sie Ihr Passwort.',
    stale:
      'Diese Seite war zu lange geöffnet, und es wurde nichts beendet. Bitte versuchen Sie es noch einmal.',
    since: 'Seit',
    thisBrowser: 'Dieser Browser',
    by: 'Angemeldet mit',
    end: 'Beenden',
    endOthers: 'Alle anderen beenden',
    back: 'Ihr Konto',
  },
}

/** Methods of authentication as people know them (RFC 8176 §2). */
const METHODS: ReadonlyMap<string, InEachLocale<string>> = new Map([
  ['pwd', { en: 'password', de: 'Passwort' }],
  ['otp', { en: 'one-time code', de: 'Einmalcode' }],
  ['hwk', { en: 'passkey', de: 'Passkey' }],
  ['swk', { en: 'passkey', de: 'Passkey' }],
  ['fed', { en: 'another provider', de: 'anderem Anbieter' }],
])

/** Those that mean nothing to a person, such as that there were several, are left out. */
export function methodsInWords(amr: readonly string[], locale: Locale): string {
  return [...new Set(amr.flatMap((method) => METHODS.get(method)?.[locale] ?? []))].join(', ')
}
