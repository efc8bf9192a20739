import type { InEachLocale } from '../../http/locale.ts'

interface LinkedIdentityWords {
  readonly title: string
  readonly lead: string
  readonly none: string
  readonly stale: string
  readonly connected: string
  readonly connect: (provider: string) => string
  readonly disconnect: (provider: string) => string
  readonly back: string
  readonly leaving: (provider: string) => string
  readonly onward: (provider: string) => string
  readonly confirmTitle: (provider: string) => string
  readonly confirm: (provider: string, name: string, email: string) => string
  readonly accept: string
  readonly decline: string
}

export const linkedIdentityWords: InEachLocale<LinkedIdentityWords> = {
  en: {
    title: 'Other ways to sign in',
    lead: 'With a connected provider you can sign in here without your password.',
    none: 'This service works with no other provider.',
    stale: 'This page was open too long, and nothing was changed. Please try again.',
    connected: 'Connected',
    connect: (provider) => `Connect ${provider}`,
    disconnect: (provider) => `Disconnect ${provider}`,
    back: 'Your account',
    leaving: (provider) => `Sign in at ${provider}; then you come back here.`,
    onward: (provider) => `Go on to ${provider}`,
    confirmTitle: (provider) => `Connect ${provider}?`,
    confirm: (provider, name, email) =>
      `Whoever signs in at ${provider} as ${name} will be signed in here as ${email}.`,
    accept: 'Connect',
    decline: 'Do not connect',
  },
  de: {
    title: 'Andere Wege zur Anmeldung',
    lead: 'Mit einem verbundenen Anbieter können Sie sich hier ohne Passwort anmelden.',
    none: 'Dieser Dienst arbeitet mit keinem anderen Anbieter zusammen.',
    stale:
      'Diese Seite war zu lange geöffnet, und es wurde nichts geändert. Bitte versuchen Sie es noch einmal.',
    connected: 'Verbunden',
    connect: (provider) => `${provider} verbinden`,
    disconnect: (provider) => `${provider} trennen`,
    back: 'Ihr Konto',
    leaving: (provider) => `Melden Sie sich bei ${provider} an, dann kommen Sie hierher zurück.`,
    onward: (provider) => `Weiter zu ${provider}`,
    confirmTitle: (provider) => `${provider} verbinden?`,
    confirm: (provider, name, email) =>
      `Wer sich bei ${provider} als ${name} anmeldet, wird hier als ${email} angemeldet.`,
    accept: 'Verbinden',
    decline: 'Nicht verbinden',
  },
}
