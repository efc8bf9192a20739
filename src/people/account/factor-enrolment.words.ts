import type { InEachLocale } from '../../http/locale.ts'

export interface FactorEnrolmentWords {
  readonly back: string
  readonly stale: string
  readonly appTitle: string
  readonly appScan: string
  readonly appQr: string
  readonly appType: string
  readonly appOpen: string
  readonly code: string
  readonly codeHint: string
  readonly confirm: string
  readonly codeWrong: string
  readonly passkeyTitle: string
  readonly passkeyLead: string
  readonly passkeyButton: string
  readonly passkeyFailed: string
  readonly passkeyRefused: string
  readonly passkeyAbsent: string
  readonly codesTitle: string
  readonly codesLead: string
  readonly codesDone: string
}

export const factorEnrolmentWords: InEachLocale<FactorEnrolmentWords> = {
  en: {
    back: 'Back to sign-in security',
    stale: 'This page was open too long. Nothing was changed; please try again.',
    appTitle: 'Set up an authenticator app',
    appScan: 'Scan this with the app on your telephone.',
    appQr: 'QR code for the authenticator app',
    appType: 'Or type this key into the app:',
    appOpen: 'Open the app on this device',
    code: 'Code',
    codeHint: 'The six digits that the app now shows. Until they are right, nothing changes.',
    confirm: 'Set up',
    codeWrong: 'That code is not right. Check the clock of your telephone, and enter the next one.',
    passkeyTitle: 'Add a passkey',
    passkeyLead:
      'Your device makes a key that only it has, and unlocks it with your fingerprint, your face or its PIN.',
    passkeyButton: 'Make a passkey',
    passkeyFailed: 'No passkey was made. You can try again.',
    passkeyRefused: 'This passkey was not accepted, so it was not added. Please try again.',
    passkeyAbsent: 'For this you need a browser that supports passkeys and has JavaScript turned on.',
    codesTitle: 'Your recovery codes',
    codesLead:
      'Each of these codes works once, when your device is not at hand. They are shown only now: print them, or keep them where only you can get at them.',
    codesDone: 'I have kept them',
  },
  de: {
    back: 'Zurück zur Sicherheit der Anmeldung',
    stale: 'Diese Seite war zu lange geöffnet. Es wurde nichts geändert; bitte versuchen Sie es noch einmal.',
    appTitle: 'Authenticator-App einrichten',
    appScan: 'Scannen Sie dies mit der App auf Ihrem Telefon.',
    appQr: 'QR-Code für die Authenticator-App',
    appType: 'Oder geben Sie diesen Schlüssel in die App ein:',
    appOpen: 'App auf diesem Gerät öffnen',
    code: 'Bestätigungscode',
    codeHint: 'Die sechs Ziffern, die die App jetzt zeigt. Bis sie stimmen, ändert sich nichts.',
    confirm: 'Einrichten',
    codeWrong:
      'Dieser Code ist nicht richtig. Prüfen Sie die Uhr Ihres Telefons und geben Sie den nächsten ein.',
    passkeyTitle: 'Passkey hinzufügen',
    passkeyLead:
      'Ihr Gerät erstellt einen Schlüssel, den nur dieses Gerät hat, und gibt ihn mit Fingerabdruck, Gesicht oder PIN frei.',
    passkeyButton: 'Passkey erstellen',
    passkeyFailed: 'Es wurde kein Passkey erstellt. Sie können es noch einmal versuchen.',
    passkeyRefused:
      'Dieser Passkey wurde nicht angenommen und nicht hinzugefügt. Bitte versuchen Sie es noch einmal.',
    passkeyAbsent:
      'Dafür brauchen Sie einen Browser, der Passkeys unterstützt und in dem JavaScript eingeschaltet ist.',
    codesTitle: 'Ihre Wiederherstellungs\u00ADcodes',
    codesLead:
      'Mit jedem dieser Codes können Sie sich einmal anmelden, wenn Ihr Gerät nicht zur Hand ist. Sie werden nur jetzt angezeigt: Drucken Sie sie aus, oder bewahren Sie sie an einem Ort auf, an den nur Sie gelangen.',
    codesDone: 'Ich habe sie aufbewahrt',
  },
}
