import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'

export interface ConnectedAppsWords {
  readonly title: string
  readonly lead: string
  readonly none: string
  readonly stale: string
  /** Before the instant. */
  readonly since: string
  /** Before the addresses of services. */
  readonly at: string
  readonly disconnect: string
  readonly back: string
}

export const connectedAppsWords: InEachLocale<ConnectedAppsWords> = {
  en: {
    title: 'Connected applications',
    lead: 'These applications may use your account. When you disconnect one, its access ends at once, and it has to ask you again next time.',
    none: 'No application may use your account.',
    stale: 'This page was open too long, and nothing was changed. Please try again.',
    since: 'Connected since',
    at: 'At',
    disconnect: 'Disconnect',
    back: 'Your account',
  },
  de: {
    title: 'Verbundene Anwendungen',
    lead: 'Diese Anwendungen dürfen Ihr Konto verwenden. Wenn Sie eine trennen, endet ihr Zugriff sofort, und sie muss Sie beim nächsten Mal wieder fragen.',
    none: 'Keine Anwendung darf Ihr Konto verwenden.',
    stale:
      'Diese Seite war zu lange geöffnet, und es wurde nichts geändert. Bitte versuchen Sie es noch einmal.',
    since: 'Verbunden seit',
    at: 'Bei',
    disconnect: 'Trennen',
    back: 'Ihr Konto',
  },
}

/** The grants have ended, and some isolate may not have heard of it. */
export const halfDisconnectedWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'The access has not ended everywhere yet',
    message: 'The application cannot renew its access any more. To be sure, please try again in a moment.',
  },
  de: {
    title: 'Der Zugriff ist noch nicht überall beendet',
    message:
      'Die Anwendung kann ihren Zugriff nicht mehr erneuern. Bitte versuchen Sie es zur Sicherheit gleich noch einmal.',
  },
}
