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
    lead: 'With a second factor, your password alone is not enough to get into your account.',
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
        ? 'You have one recovery code left, for a day when your device is not at hand.'
        : `You have ${left === 0 ? 'no' : left} recovery codes left, for a day when your device is not at hand.`,
    renewCodes: 'Make new recovery codes',
  },
  de: {
    title: 'Sicherheit der Anmeldung',
    lead: 'Mit einem zweiten Faktor genügt Ihr Passwort allein nicht, um in Ihr Konto zu gelangen.',
    back: 'Zurück zu Ihrem Konto',
    stale: 'Diese Seite war zu lange geöffnet. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.',
    app: 'Authenticator-App',
    appAbsent: 'Eine App auf Ihrem Telefon zeigt jede halbe Minute einen neuen Code.',
    appPresent: 'Eingerichtet am',
    addApp: 'App einrichten',
    remove: 'Entfernen',
    passkeys: 'Passkeys',
    passkeysAbsent: 'Mit einem Passkey melden Sie sich über Ihr Gerät an: ohne Passwort und ohne Tippen.',
    addPasskey: 'Passkey hinzufügen',
    name: 'Name des Passkeys',
    rename: 'Umbenennen',
    added: 'Hinzugefügt am',
    lastUsed: 'Zuletzt verwendet am',
    neverUsed: 'Noch nicht verwendet',
    // Wider than a telephone in the size of a heading, so it says where it may be parted.
    recoveryCodes: 'Wiederherstellungs\u00ADcodes',
    recoveryCodesLeft: (left) =>
      left === 1
        ? 'Sie haben noch einen Wiederherstellungscode, falls Ihr Gerät einmal nicht zur Hand ist.'
        : `Sie haben ${left === 0 ? 'keine' : `noch ${left}`} Wiederherstellungscodes${left === 0 ? ' mehr' : ''}, falls Ihr Gerät einmal nicht zur Hand ist.`,
    renewCodes: 'Neue Wiederherstellungs\u00ADcodes erstellen',
  },
}
