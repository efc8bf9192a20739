import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'

export interface SignInWords {
  readonly title: string
  /** Before the name of the application that waits. */
  readonly continueTo: string
  readonly email: string
  readonly password: string
  readonly button: string
  readonly forgotten: string
  readonly signUp: string
  readonly usePasskey: string
  readonly useProvider: (name: string) => string
  readonly formStale: string
  readonly fieldsMissing: string
  /** One sentence for an unknown address and a wrong password: which of them it was would tell who has an account. */
  readonly credentialsWrong: string
  readonly attemptsExhausted: (seconds: number) => string
}

export const signInWords: InEachLocale<SignInWords> = {
  en: {
    title: 'Sign in',
    continueTo: 'to continue to',
    email: 'E-mail address',
    password: 'Password',
    button: 'Sign in',
    forgotten: 'Forgotten password?',
    signUp: 'Create an account',
    usePasskey: 'Sign in with a passkey',
    useProvider: (name) => `Sign in with ${name}`,
    formStale: 'This page was open too long, or your browser does not keep cookies. Please sign in again.',
    fieldsMissing: 'Enter your e-mail address and your password.',
    credentialsWrong: 'The e-mail address or the password is not right.',
    attemptsExhausted: (seconds) =>
      `Too many attempts. Wait ${seconds === 1 ? 'one second' : `${seconds} seconds`}, then try again.`,
  },
  de: {
    title: 'Anmelden',
    continueTo: 'weiter zu',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    button: 'Anmelden',
    forgotten: 'Passwort vergessen?',
    signUp: 'Konto anlegen',
    usePasskey: 'Mit einem Passkey anmelden',
    useProvider: (name) => `Mit ${name} anmelden`,
    formStale:
      'Diese Seite war zu lange geöffnet, oder Ihr Browser speichert keine Cookies. Bitte melden Sie sich noch einmal an.',
    fieldsMissing: 'Geben Sie Ihre E-Mail-Adresse und Ihr Passwort ein.',
    credentialsWrong: 'Die E-Mail-Adresse oder das Passwort ist nicht richtig.',
    attemptsExhausted: (seconds) =>
      `Zu viele Versuche. Bitte warten Sie ${seconds === 1 ? 'eine Sekunde' : `${seconds} Sekunden`} und versuchen Sie es dann noch einmal.`,
  },
}

export const signInUnavailableWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'Signing in is not possible right now',
    message: 'Your password was not checked. Please go back and try again in a moment.',
  },
  de: {
    title: 'Die Anmeldung ist gerade nicht möglich',
    message:
      'Ihr Passwort wurde nicht geprüft. Bitte gehen Sie zurück und versuchen Sie es gleich noch einmal.',
  },
}
