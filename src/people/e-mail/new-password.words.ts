import type { PasswordFault } from '../../accounts/new-password.ts'
import type { InEachLocale } from '../../http/locale.ts'
import { passwordCharactersMin } from '../../platform/bounds.ts'

export interface NewPasswordWords {
  readonly account: string
  readonly name: string
  readonly password: string
  readonly hint: string
  readonly formStale: string
  readonly faults: Readonly<Record<PasswordFault, string>>
}

export const newPasswordWords: InEachLocale<NewPasswordWords> = {
  en: {
    account: 'E-mail address',
    name: 'Your name (optional)',
    password: 'Password',
    hint: `At least ${passwordCharactersMin} characters. A few words in a row are easy to remember and hard to guess.`,
    formStale:
      'This page was open too long, or your browser does not keep cookies. Please enter the password again.',
    faults: {
      too_short: `This password is too short. Choose one of at least ${passwordCharactersMin} characters.`,
      too_common: 'This password is among the first that anybody tries. Choose another one.',
      like_the_address: 'This password is your e-mail address. Choose another one.',
    },
  },
  de: {
    account: 'E-Mail-Adresse',
    name: 'Ihr Name (freiwillig)',
    password: 'Passwort',
    hint: `Mindestens ${passwordCharactersMin} Zeichen. Einige Wörter hintereinander sind leicht zu merken und schwer zu erraten.`,
    formStale:
      'Diese Seite war zu lange geöffnet, oder Ihr Browser speichert keine Cookies. Bitte geben Sie das Passwort noch einmal ein.',
    faults: {
      too_short: `Dieses Passwort ist zu kurz. Wählen Sie eines mit mindestens ${passwordCharactersMin} Zeichen.`,
      too_common: 'Dieses Passwort gehört zu den ersten, die ausprobiert werden. Wählen Sie ein anderes.',
      like_the_address: 'Dieses Passwort ist Ihre E-Mail-Adresse. Wählen Sie ein anderes.',
    },
  },
}
