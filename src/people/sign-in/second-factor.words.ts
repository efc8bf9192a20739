import type { InEachLocale } from '../../http/locale.ts'

export interface SecondFactorWords {
  readonly title: string
  readonly lead: string
  readonly code: string
  readonly codeHint: string
  readonly button: string
  readonly usePasskey: string
  readonly passkeyFailed: string
  readonly startOver: string
  readonly formStale: string
  readonly codeMissing: string
  readonly factorWrong: string
  readonly attemptsExhausted: (seconds: number) => string
}

export const secondFactorWords: InEachLocale<SecondFactorWords> = {
  en: {
    title: 'One more step',
    lead: 'Your account is protected by a second factor.',
    code: 'Code',
    codeHint: 'Six digits from your authenticator app, or one of your recovery codes.',
    button: 'Continue',
    usePasskey: 'Use a passkey',
    passkeyFailed: 'No passkey was used. You can try again, or enter a code.',
    startOver: 'Sign in as somebody else',
    formStale: 'This page was open too long. Please try again.',
    codeMissing: 'Enter six digits, or a recovery code of sixteen letters and digits.',
    factorWrong:
      'That code or passkey is not right. A code counts once; if you have used this one already, wait for the next.',
    attemptsExhausted: (seconds) =>
      `Too many attempts. Wait ${inMinutes(seconds, 'one minute', 'minutes')}, or use a recovery code or a passkey.`,
  },
  de: {
    title: 'Noch ein Schritt',
    lead: 'Ihr Konto ist mit einem zweiten Faktor geschützt.',
    code: 'Bestätigungscode',
    codeHint: 'Sechs Ziffern aus Ihrer Authenticator-App oder einer Ihrer Wiederherstellungscodes.',
    button: 'Weiter',
    usePasskey: 'Passkey verwenden',
    passkeyFailed:
      'Es wurde kein Passkey verwendet. Sie können es noch einmal versuchen oder einen Code eingeben.',
    startOver: 'Als jemand anderes anmelden',
    formStale: 'Diese Seite war zu lange geöffnet. Bitte versuchen Sie es noch einmal.',
    codeMissing:
      'Geben Sie sechs Ziffern ein oder einen Wiederherstellungscode aus sechzehn Buchstaben und Ziffern.',
    factorWrong:
      'Dieser Code oder Passkey ist nicht richtig. Jeder Code gilt nur einmal; wenn Sie diesen schon benutzt haben, warten Sie auf den nächsten.',
    attemptsExhausted: (seconds) =>
      `Zu viele Versuche. Bitte warten Sie ${inMinutes(seconds, 'eine Minute', 'Minuten')}, oder verwenden Sie einen Wiederherstellungscode oder einen Passkey.`,
  },
}

function inMinutes(seconds: number, one: string, many: string): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes <= 1 ? one : `${minutes} ${many}`
}
