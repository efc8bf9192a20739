import type { InEachLocale } from './locale.ts'

/** What a person is told when it stops. The title says what is the matter, and is the same each time. */
export interface RefusalWords {
  readonly title: string
  readonly message: string
}

export const unreadableWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'This request cannot be read',
    message: 'The link or the form that led here is not in order. Please go back and try again.',
  },
  de: {
    title: 'Diese Anfrage ist nicht lesbar',
    message:
      'Der Link oder das Formular, das hierher führte, ist fehlerhaft. Bitte gehen Sie zurück und versuchen Sie es noch einmal.',
  },
}

export const methodWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'This page cannot be used that way',
    message: 'Please go back to the application and try again.',
  },
  de: {
    title: 'Diese Seite lässt sich so nicht aufrufen',
    message: 'Bitte gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal.',
  },
}

export const outageWords: InEachLocale<RefusalWords> = {
  en: { title: 'This is not available at the moment', message: 'Please try again in a moment.' },
  de: {
    title: 'Das ist im Moment nicht möglich',
    message: 'Bitte versuchen Sie es gleich noch einmal.',
  },
}

export const bugWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'Something went wrong here',
    message: 'It has been recorded. Please go back to the application and try again.',
  },
  de: {
    title: 'Hier ist etwas schiefgegangen',
    message:
      'Der Fehler wurde aufgezeichnet. Bitte gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal.',
  },
}

/** What stands before the name of a request, by which it is found in the log. */
export const requestWord: InEachLocale<string> = { en: 'Request', de: 'Anfrage' }
