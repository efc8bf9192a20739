import type { InEachLocale } from '../http/locale.ts'

export interface AccountWords {
  readonly title: string
  readonly name: string
  readonly email: string
  readonly signedInSince: string
}

export const accountWords: InEachLocale<AccountWords> = {
  en: {
    title: 'Your account',
    name: 'Name',
    email: 'E-mail address',
    signedInSince: 'Signed in since',
  },
  de: {
    title: 'Ihr Konto',
    name: 'Name',
    email: 'E-Mail-Adresse',
    signedInSince: 'Angemeldet seit',
  },
}
