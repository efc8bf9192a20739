import type { Around, InEachLocale } from '../../http/locale.ts'

export interface SignOutWords {
  readonly title: string
  readonly question: string
  readonly stale: string
  /** Around the e-mail address. */
  readonly signedInAs: Around
  readonly button: string
  readonly doneTitle: string
  readonly done: string
  readonly nobody: string
  readonly signIn: string
}

export const signOutWords: InEachLocale<SignOutWords> = {
  en: {
    title: 'Sign out',
    question: 'Sign out?',
    stale: 'This page was open too long. You are still signed in.',
    signedInAs: [
      'You are signed in as ',
      '. Applications that may use your account while you are away keep their access. What the others got ends.',
    ],
    button: 'Sign out',
    doneTitle: 'Signed out',
    done: 'You are signed out',
    nobody: 'Nobody is signed in here in this browser.',
    signIn: 'Sign in',
  },
  de: {
    title: 'Abmelden',
    question: 'Abmelden?',
    stale: 'Diese Seite war zu lange geöffnet. Sie sind weiterhin angemeldet.',
    signedInAs: [
      'Sie sind angemeldet als ',
      '. Anwendungen, die Ihr Konto auch in Ihrer Abwesenheit nutzen dürfen, behalten ihren Zugriff. Die übrigen verlieren ihn.',
    ],
    button: 'Abmelden',
    doneTitle: 'Abgemeldet',
    done: 'Sie sind abgemeldet',
    nobody: 'In diesem Browser ist hier niemand angemeldet.',
    signIn: 'Anmelden',
  },
}
