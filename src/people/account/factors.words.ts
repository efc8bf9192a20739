import type { InEachLocale } from '../../http/locale.ts'

export interface FactorsWords {
  readonly title: string
  readonly lead: string
  readonly back: string
  readonly stale: string
  readonly app: string
  readonly appAbsent: string
  readonly appPresent: string
  readonly addApp: string
  readonly remove: string
  readonly passkeys: string
  readonly passkeysAbsent: string
  readonly addPasskey: string
  readonly name: string
  readonly rename: string
  readonly added: string
  readonly lastUsed: string
  readonly neverUsed: string
  readonly recoveryCodes: string
  readonly recoveryCodesLeft: (left: number) => string
  readonly renewCodes: string
}

export const factorsWords: InEachLocale<FactorsWords> = {
  en: {
    title: 'Sign-in security',
    lead: 'With a second factor, your password alone does not open your account.',
    back: 'Back to your account',
    stale: 'This page was open too long. Nothing was changed; please try again.',
    app: 'Authenticator app',
    appAbsent: 'An app on your telephone shows a new code every half minute.',
    appPresent: 'Set up on',
    addApp: 'Set up an app',
    remove: 'Remove',
    passkeys: 'Passkeys',
    passkeysAbsent: 'A passkey signs you in with your device: no password, nothing to type.',
    addPasskey: 'Add a passkey',
    name: 'Name of the passkey',
    rename: 'Rename',
    added: 'Added on',
    lastUsed: 'Last used on',
    neverUsed: 'Not used yet',
    recoveryCodes: 'Recovery codes',
    recoveryCodesLeft: (left) =>
      left === 1
        ? 'One recovery code is left for the day when your device is not.'
        : `${left} recovery codes are left for the day when your device is not.`,
    renewCodes: 'Make new recovery codes',
  },
  de: {
    title: 'Sicherheit der Anmeldung',
    lead: 'Mit einem zweiten Faktor öffnet Ihr Passwort allein Ihr Konto nicht.',
    back: 'Zurück zu Ihrem Konto',
    stale: 'Diese Seite war zu lange geöffnet. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.',
    app: 'Authenticator-App',
    appAbsent: 'Eine App auf Ihrem Telefon zeigt jede halbe Minute einen neuen Code.',
    appPresent: 'Eingerichtet am',
    addApp: 'App einrichten',
    remove: 'Entfernen',
    passkeys: 'Passkeys',
    passkeysAbsent: 'Mit einem Passkey meldet Sie Ihr Gerät an: ohne Passwort und ohne zu tippen.',
    addPasskey: 'Passkey hinzufügen',
    name: 'Name des Passkeys',
    rename: 'Umbenennen',
    added: 'Hinzugefügt am',
    lastUsed: 'Zuletzt verwendet am',
    neverUsed: 'Noch nicht verwendet',
    recoveryCodes: 'Wiederherstellungscodes',
    recoveryCodesLeft: (left) =>
      left === 1
        ? 'Es gibt noch einen Wiederherstellungscode für den Tag, an dem Ihr Gerät fehlt.'
        : `Es gibt noch ${left} Wiederherstellungscodes für den Tag, an dem Ihr Gerät fehlt.`,
    renewCodes: 'Neue Wiederherstellungscodes erstellen',
  },
}
