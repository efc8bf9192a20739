import type { InEachLocale } from '../../http/locale.ts'

export type FactorChange =
  | 'totp_added'
  | 'totp_removed'
  | 'passkey_added'
  | 'passkey_removed'
  | 'recovery_codes_renewed'
  | 'identity_connected'

export interface FactorMailWords {
  readonly subject: string
  readonly what: Readonly<Record<FactorChange, string>>
  readonly otherwise: string
}

export const factorMailWords: InEachLocale<FactorMailWords> = {
  en: {
    subject: 'The way you sign in has changed',
    what: {
      totp_added: 'An authenticator app was set up for your account.',
      totp_removed: 'The authenticator app of your account was removed.',
      passkey_added: 'A passkey was added to your account.',
      passkey_removed: 'A passkey of your account was removed.',
      recovery_codes_renewed: 'New recovery codes were made for your account. The ones from before are void.',
      identity_connected:
        'Your account was connected to another provider. Whoever signs in there as that person is signed in here as you.',
    },
    otherwise: 'If that was not you, choose a new password and check your account:',
  },
  de: {
    subject: 'Ihre Anmeldung wurde geändert',
    what: {
      totp_added: 'Für Ihr Konto wurde eine Authenticator-App eingerichtet.',
      totp_removed: 'Die Authenticator-App Ihres Kontos wurde entfernt.',
      passkey_added: 'Ihrem Konto wurde ein Passkey hinzugefügt.',
      passkey_removed: 'Ein Passkey Ihres Kontos wurde entfernt.',
      recovery_codes_renewed:
        'Für Ihr Konto wurden neue Wiederherstellungscodes erstellt. Die bisherigen gelten nicht mehr.',
      identity_connected:
        'Ihr Konto wurde mit einem anderen Anbieter verbunden. Wer sich dort so anmeldet, wird hier als Sie angemeldet.',
    },
    otherwise: 'Wenn Sie das nicht waren, wählen Sie ein neues Passwort und prüfen Sie Ihr Konto:',
  },
}
