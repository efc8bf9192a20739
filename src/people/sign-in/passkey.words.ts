import type { InEachLocale } from '../../http/locale.ts'

export interface PasskeyWords {
  readonly title: string
  readonly lead: string
  readonly button: string
  readonly usePassword: string
  /** For a browser without script, or one that has no passkeys. */
  readonly absent: string
  readonly failed: string
  readonly formStale: string
  readonly refused: string
  readonly attemptsExhausted: (seconds: number) => string
}

export const passkeyWords: InEachLocale<PasskeyWords> = {
  en: {
    title: 'Sign in with a passkey',
    lead: 'Your device asks for your fingerprint, your face or its PIN. None of that is sent to us.',
    button: 'Use a passkey',
    usePassword: 'Sign in with a password instead',
    absent: 'For this you need a browser that supports passkeys and has JavaScript turned on.',
    failed: 'No passkey was used. You can try again.',
    formStale: 'This page was open too long, or your browser does not keep cookies. Please sign in again.',
    refused: 'This passkey was not accepted. It may have been removed from the account.',
    attemptsExhausted: (seconds) =>
      `Too many attempts. Wait ${seconds === 1 ? 'one second' : `${seconds} seconds`}, then try again.`,
  },
  de: {
    title: 'Mit einem Passkey anmelden',
    lead: 'Ihr Gerät fragt nach Fingerabdruck, Gesicht oder PIN. Nichts davon wird an uns gesendet.',
    button: 'Passkey verwenden',
    usePassword: 'Stattdessen mit Passwort anmelden',
    absent:
      'Dafür brauchen Sie einen Browser, der Passkeys unterstützt und in dem JavaScript eingeschaltet ist.',
    failed: 'Es wurde kein Passkey verwendet. Sie können es noch einmal versuchen.',
    formStale:
      'Diese Seite war zu lange geöffnet, oder Ihr Browser speichert keine Cookies. Bitte melden Sie sich noch einmal an.',
    refused: 'Dieser Passkey wurde nicht angenommen. Vielleicht wurde er aus dem Konto entfernt.',
    attemptsExhausted: (seconds) =>
      `Zu viele Versuche. Bitte warten Sie ${seconds === 1 ? 'eine Sekunde' : `${seconds} Sekunden`} und versuchen Sie es dann noch einmal.`,
  },
}
