import type { Around, InEachLocale } from '../../http/locale.ts'

export interface ConsentWords {
  readonly title: string
  /** Around the name of the application. */
  readonly question: Around
  readonly stale: string
  /** Around the e-mail address. */
  readonly signedInAs: Around
  readonly useAnother: string
  readonly asksTo: string
  /** Before the services that it wants to do so at. */
  readonly at: string
  readonly deny: string
  readonly allow: string
  /** Around the place that the answer is taken to. */
  readonly goesOnTo: Around
}

export const consentWords: InEachLocale<ConsentWords> = {
  en: {
    title: 'Allow access',
    question: ['Allow ', ' to use your account?'],
    stale: 'This page was open too long, and nothing was allowed. Please decide again.',
    signedInAs: ['You are signed in as ', '.'],
    useAnother: 'Use another account',
    asksTo: 'It asks to:',
    at: 'At these services:',
    deny: 'Deny',
    allow: 'Allow',
    goesOnTo: ['Either way you go on to ', '.'],
  },
  de: {
    title: 'Zugriff erlauben',
    question: ['Darf ', ' Ihr Konto verwenden?'],
    stale:
      'Diese Seite war zu lange geöffnet, und es wurde nichts erlaubt. Bitte entscheiden Sie noch einmal.',
    signedInAs: ['Sie sind angemeldet als ', '.'],
    useAnother: 'Anderes Konto verwenden',
    asksTo: 'Die Anwendung bittet darum:',
    at: 'Bei diesen Diensten:',
    deny: 'Ablehnen',
    allow: 'Erlauben',
    goesOnTo: ['In beiden Fällen geht es weiter zu ', '.'],
  },
}
