import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'

export interface MailRequestWords {
  readonly email: string
  readonly formStale: string
  readonly emailInvalid: string
  readonly attemptsExhausted: (minutes: number) => string
  readonly signIn: string
}

export const mailRequestWords: InEachLocale<MailRequestWords> = {
  en: {
    email: 'E-mail address',
    formStale: 'This page was open too long, or your browser does not keep cookies. Please try again.',
    emailInvalid: 'Enter your e-mail address, such as name@example.com.',
    attemptsExhausted: (minutes) =>
      `Too many requests from your network. Wait ${minutes === 1 ? 'one minute' : `${minutes} minutes`}, then try again.`,
    signIn: 'Back to sign-in',
  },
  de: {
    email: 'E-Mail-Adresse',
    formStale:
      'Diese Seite war zu lange geöffnet, oder Ihr Browser speichert keine Cookies. Bitte versuchen Sie es noch einmal.',
    emailInvalid: 'Geben Sie Ihre E-Mail-Adresse ein, zum Beispiel name@example.com.',
    attemptsExhausted: (minutes) =>
      `Zu viele Anfragen aus Ihrem Netz. Bitte warten Sie ${minutes === 1 ? 'eine Minute' : `${minutes} Minuten`} und versuchen Sie es dann noch einmal.`,
    signIn: 'Zurück zur Anmeldung',
  },
}

export const noMailWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'E-mail cannot be sent here',
    message: 'This service is not set up to send e-mail. Please turn to whoever runs it.',
  },
  de: {
    title: 'Hier können keine E-Mails versendet werden',
    message:
      'Dieser Dienst ist nicht für den E-Mail-Versand eingerichtet. Bitte wenden Sie sich an den Betreiber.',
  },
}

export const linkUnusableWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'This link cannot be used',
    message:
      'It was used already, is too old, or is not complete. Nothing was changed. Please ask for a new one.',
  },
  de: {
    title: 'Dieser Link lässt sich nicht verwenden',
    message:
      'Er wurde schon benutzt, ist zu alt oder nicht vollständig. Es wurde nichts geändert. Bitte fordern Sie einen neuen an.',
  },
}
