import type { InEachLocale } from '../../http/locale.ts'
import type { Mail } from '../../mail/mail.ts'

type MailWords = Omit<Mail, 'to'>

export interface ResetPasswordWords {
  readonly title: string
  readonly lead: string
  readonly button: string
  readonly sentTitle: string
  readonly sent: readonly string[]
  readonly confirmTitle: string
  readonly confirmLead: string
  readonly confirmButton: string
  readonly doneTitle: string
  readonly done: string
  readonly signIn: string
  readonly mail: (link: string) => MailWords
  readonly mailChanged: (resetUrl: string) => MailWords
}

export const resetPasswordWords: InEachLocale<ResetPasswordWords> = {
  en: {
    title: 'Forgotten password',
    lead: 'We send a link to the e-mail address of your account. It leads to where you choose a new password.',
    button: 'Send the link',
    sentTitle: 'Look into your mailbox',
    sent: [
      'If there is an account with this address, a mail is on its way to it. The link in it works for 30 minutes.',
      'Nothing there? Look in the spam folder, or try again in a few minutes. Only the newest link works.',
    ],
    confirmTitle: 'Choose a new password',
    confirmLead: 'You are signed out everywhere once the new password is set.',
    confirmButton: 'Set the password',
    doneTitle: 'Your password was changed',
    done: 'You were signed out everywhere. Sign in with the new password.',
    signIn: 'Sign in',
    mail: (link) => ({
      subject: 'Choose a new password',
      text: [
        'Somebody asked for a new password for the account with this e-mail address. If it was you, follow this link within 30 minutes:',
        link,
        'If it was not you, do nothing: your password stays as it is.',
      ].join('\n\n'),
    }),
    mailChanged: (resetUrl) => ({
      subject: 'Your password was changed',
      text: [
        'The password of the account with this e-mail address was just changed, and every browser was signed out.',
        `If it was not you, somebody reads your mail. Secure your mailbox first, then choose a new password here:\n${resetUrl}`,
      ].join('\n\n'),
    }),
  },
  de: {
    title: 'Passwort vergessen',
    lead: 'Wir senden einen Link an die E-Mail-Adresse Ihres Kontos. Dort wählen Sie ein neues Passwort.',
    button: 'Link senden',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: [
      'Wenn es ein Konto mit dieser Adresse gibt, ist eine E-Mail dorthin unterwegs. Der Link darin gilt 30 Minuten.',
      'Nichts angekommen? Sehen Sie im Spam-Ordner nach, oder versuchen Sie es in ein paar Minuten noch einmal. Nur der neueste Link gilt.',
    ],
    confirmTitle: 'Neues Passwort wählen',
    confirmLead: 'Sobald das neue Passwort gilt, sind Sie überall abgemeldet.',
    confirmButton: 'Passwort setzen',
    doneTitle: 'Ihr Passwort wurde geändert',
    done: 'Sie wurden überall abgemeldet. Melden Sie sich mit dem neuen Passwort an.',
    signIn: 'Anmelden',
    mail: (link) => ({
      subject: 'Wählen Sie ein neues Passwort',
      text: [
        'Jemand möchte für das Konto mit dieser E-Mail-Adresse ein neues Passwort setzen. Wenn Sie es waren, folgen Sie innerhalb von 30 Minuten diesem Link:',
        link,
        'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.',
      ].join('\n\n'),
    }),
    mailChanged: (resetUrl) => ({
      subject: 'Ihr Passwort wurde geändert',
      text: [
        'Das Passwort des Kontos mit dieser E-Mail-Adresse wurde gerade geändert, und alle Browser wurden abgemeldet.',
        `Wenn Sie es nicht waren, liest jemand Ihre E-Mails. Sichern Sie zuerst Ihr Postfach und wählen Sie dann hier ein neues Passwort:\n${resetUrl}`,
      ].join('\n\n'),
    }),
  },
}
