import type { InEachLocale, Locale } from '../../http/locale.ts'

/** Each follows on the sentence that the application asks to do something. */
const WORDS: ReadonlyMap<string, InEachLocale<string>> = new Map([
  [
    'openid',
    {
      en: 'Know which account you signed in with',
      de: 'Erfahren, mit welchem Konto Sie sich angemeldet haben',
    },
  ],
  [
    'profile',
    {
      en: 'See your name, picture and other details of your profile',
      de: 'Ihren Namen, Ihr Bild und weitere Angaben Ihres Profils sehen',
    },
  ],
  ['email', { en: 'See your e-mail address', de: 'Ihre E-Mail-Adresse sehen' }],
  ['address', { en: 'See your postal address', de: 'Ihre Postanschrift sehen' }],
  ['phone', { en: 'See your telephone number', de: 'Ihre Telefonnummer sehen' }],
  [
    'offline_access',
    {
      en: 'Keep this access while you are away',
      de: 'Diesen Zugriff behalten, während Sie nicht da sind',
    },
  ],
  ['read', { en: 'Read data on your behalf', de: 'In Ihrem Namen Daten lesen' }],
  [
    'write',
    {
      en: 'Create and change data on your behalf',
      de: 'In Ihrem Namen Daten anlegen und ändern',
    },
  ],
  [
    'read:profile',
    {
      en: 'Read your profile from connected services',
      de: 'Ihr Profil bei verbundenen Diensten lesen',
    },
  ],
  [
    'read:users',
    {
      en: 'Read the list of people in connected services',
      de: 'Die Liste der Personen bei verbundenen Diensten lesen',
    },
  ],
])

/** What a scope lets an application do, in the words of the person who is asked to allow it. */
export function scopeInWords(scope: string, locale: Locale): string {
  return WORDS.get(scope)?.[locale] ?? unknownScope(scope)[locale]
}

function unknownScope(scope: string): InEachLocale<string> {
  return { en: `Use the permission “${scope}”`, de: `Die Berechtigung „${scope}“ nutzen` }
}
