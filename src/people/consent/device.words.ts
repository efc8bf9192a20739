import type { Around, InEachLocale } from '../../http/locale.ts'

export interface DeviceWords {
  readonly title: string
  readonly explanation: string
  readonly label: string
  readonly next: string
  readonly stale: string
  readonly unknown: string
  /** Around a number of seconds. */
  readonly tooMany: Around
  /** Around the e-mail address. */
  readonly signedInAs: Around
  readonly useAnother: string
  /** Around the name of the application. */
  readonly question: Around
  /** Before the code. */
  readonly codeShown: string
  readonly warning: string
  readonly asksTo: string
  /** Before the services that it wants to do so at. */
  readonly at: string
  readonly deny: string
  readonly allow: string
  readonly allowedTitle: string
  readonly allowed: string
  readonly deniedTitle: string
  readonly denied: string
}

export const deviceWords: InEachLocale<DeviceWords> = {
  en: {
    title: 'Connect a device',
    explanation: 'Enter the code that your device shows.',
    label: 'Code',
    next: 'Continue',
    stale: 'This page was open too long, and nothing was allowed. Please enter the code again.',
    unknown: 'No device waits for this code. It may have expired; the device can show you a new one.',
    tooMany: ['Too many wrong codes. Wait ', ' seconds, then try again.'],
    signedInAs: ['You are signed in as ', '.'],
    useAnother: 'Use another account',
    question: ['Allow ', ' on this device to use your account?'],
    codeShown: 'Your device must show exactly this code:',
    warning:
      'Only go on if you started this yourself, on a device in front of you. If somebody sent you the code or the link, choose “Deny”: they would get into your account.',
    asksTo: 'It asks to:',
    at: 'At these services:',
    deny: 'Deny',
    allow: 'Allow',
    allowedTitle: 'Your device is connected',
    allowed: 'It will go on by itself in a few seconds. You can close this page.',
    deniedTitle: 'The device was turned away',
    denied: 'It has no access to your account. You can close this page.',
  },
  de: {
    title: 'Gerät verbinden',
    explanation: 'Geben Sie den Code ein, den Ihr Gerät anzeigt.',
    label: 'Code',
    next: 'Weiter',
    stale:
      'Diese Seite war zu lange geöffnet, und es wurde nichts erlaubt. Bitte geben Sie den Code noch einmal ein.',
    unknown:
      'Auf diesen Code wartet kein Gerät. Vielleicht ist er abgelaufen; das Gerät kann Ihnen einen neuen zeigen.',
    tooMany: ['Zu viele falsche Codes. Warten Sie ', ' Sekunden und versuchen Sie es dann noch einmal.'],
    signedInAs: ['Sie sind angemeldet als ', '.'],
    useAnother: 'Anderes Konto verwenden',
    question: ['Darf ', ' auf diesem Gerät Ihr Konto verwenden?'],
    codeShown: 'Ihr Gerät muss genau diesen Code zeigen:',
    warning:
      'Fahren Sie nur fort, wenn Sie das selbst begonnen haben, an einem Gerät vor Ihnen. Hat Ihnen jemand den Code oder den Link geschickt, wählen Sie „Ablehnen“: Sonst bekäme diese Person Zugang zu Ihrem Konto.',
    asksTo: 'Die Anwendung bittet darum:',
    at: 'Bei diesen Diensten:',
    deny: 'Ablehnen',
    allow: 'Erlauben',
    allowedTitle: 'Ihr Gerät ist verbunden',
    allowed: 'Dort geht es in wenigen Sekunden von selbst weiter. Sie können diese Seite schließen.',
    deniedTitle: 'Das Gerät wurde abgewiesen',
    denied: 'Es hat keinen Zugang zu Ihrem Konto erhalten. Sie können diese Seite schließen.',
  },
}
