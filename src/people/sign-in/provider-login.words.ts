import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'

/** What a person reads when signing in through a provider ends without a session. */
export const providerLoginWords = {
  provider_unknown: {
    en: { title: 'This way to sign in is not known here', message: 'Please choose one on the sign-in page.' },
    de: {
      title: 'Dieser Weg zur Anmeldung ist hier nicht bekannt',
      message: 'Bitte wählen Sie einen auf der Anmeldeseite.',
    },
  },
  attempts_exhausted: {
    en: { title: 'Too many attempts', message: 'Please wait a minute, then try again.' },
    de: {
      title: 'Zu viele Versuche',
      message: 'Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal.',
    },
  },
  login_unknown: {
    en: {
      title: 'This sign-in cannot be completed',
      message: 'It took too long, was completed before, or began in another browser. Please sign in again.',
    },
    de: {
      title: 'Diese Anmeldung kann nicht abgeschlossen werden',
      message:
        'Sie hat zu lange gedauert, wurde schon abgeschlossen oder in einem anderen Browser begonnen. Bitte melden Sie sich noch einmal an.',
    },
  },
  provider_unreachable: {
    en: {
      title: 'The other provider does not answer',
      message: 'You are not signed in. Please try again later, or sign in another way.',
    },
    de: {
      title: 'Der andere Anbieter antwortet nicht',
      message:
        'Sie sind nicht angemeldet. Bitte versuchen Sie es später noch einmal, oder melden Sie sich anders an.',
    },
  },
  provider_refused: {
    en: {
      title: 'The other provider did not sign you in',
      message: 'You may have cancelled there. You are not signed in here.',
    },
    de: {
      title: 'Der andere Anbieter hat Sie nicht angemeldet',
      message: 'Vielleicht haben Sie dort abgebrochen. Sie sind hier nicht angemeldet.',
    },
  },
  answer_invalid: {
    en: {
      title: 'The other provider’s answer cannot be believed',
      message: 'Its answer does not fit what was asked, so you are not signed in. Please tell the operator.',
    },
    de: {
      title: 'Der Antwort des anderen Anbieters ist nicht zu trauen',
      message:
        'Seine Antwort passt nicht zur Anfrage, daher sind Sie nicht angemeldet. Bitte sagen Sie dem Betreiber Bescheid.',
    },
  },
  identity_unconnected: {
    en: {
      title: 'An account with your e-mail address exists',
      message:
        'It is not connected to the other provider. Sign in with your password first; then you can connect it on your account page.',
    },
    de: {
      title: 'Es gibt schon ein Konto mit Ihrer E-Mail-Adresse',
      message:
        'Es ist nicht mit dem anderen Anbieter verbunden. Melden Sie sich zuerst mit Ihrem Passwort an; danach können Sie es auf Ihrer Kontoseite verbinden.',
    },
  },
  email_unverified: {
    en: {
      title: 'You have no account here yet',
      message: 'The other provider does not vouch for your e-mail address, so none could be made.',
    },
    de: {
      title: 'Sie haben hier noch kein Konto',
      message:
        'Der andere Anbieter bürgt nicht für Ihre E-Mail-Adresse, daher konnte keines angelegt werden.',
    },
  },
  account_missing: {
    en: { title: 'You have no account here', message: 'Please ask the operator for one.' },
    de: { title: 'Sie haben hier kein Konto', message: 'Bitte wenden Sie sich an den Betreiber.' },
  },
  identity_taken: {
    en: {
      title: 'This identity is connected to another account',
      message: 'Nothing was changed. It has to be disconnected there first.',
    },
    de: {
      title: 'Diese Identität ist mit einem anderen Konto verbunden',
      message: 'Es wurde nichts geändert. Sie muss dort zuerst getrennt werden.',
    },
  },
} as const satisfies Readonly<Record<string, InEachLocale<RefusalWords>>>
