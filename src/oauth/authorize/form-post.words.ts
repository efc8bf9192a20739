import type { InEachLocale } from '../../http/locale.ts'

export interface FormPostWords {
  readonly title: string
  readonly explanation: string
  readonly onward: string
}

export const formPostWords: InEachLocale<FormPostWords> = {
  en: {
    title: 'Back to the application',
    explanation: 'You are taken back to the application. If that does not happen by itself, please continue.',
    onward: 'Continue',
  },
  de: {
    title: 'Zurück zur Anwendung',
    explanation:
      'Sie werden zur Anwendung zurückgeleitet. Falls das nicht von selbst geschieht, fahren Sie bitte fort.',
    onward: 'Weiter',
  },
}
