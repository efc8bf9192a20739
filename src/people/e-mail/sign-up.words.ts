import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'
import type { Mail } from '../../mail/mail.ts'

type MailWords = Omit<Mail, 'to'>

export interface SignUpWords {
  readonly title: string
  readonly lead: string
  readonly button: string
  readonly sentTitle: string
  readonly sent: readonly string[]
  readonly confirmLead: string
  readonly confirmButton: string
  readonly doneTitle: string
  readonly done: string
  readonly goOn: string
  readonly signIn: string
  readonly mail: (link: string) => MailWords
  readonly mailToHolder: (signInUrl: string, resetUrl: string) => MailWords
}

export const signUpWords: InEachLocale<SignUpWords> = {
  en: {
    title: 'Create an account',
    lead: 'We send you a link by e-mail. It leads to where you choose your password.',
    button: 'Send the link',
    sentTitle: 'Look into your mailbox',
    sent: [
      'If we can write to this address, a mail is on its way. The link in it works for one hour.',
      'Nothing there? Look in the spam folder, or try again in a few minutes.',
    ],
    confirmLead: 'Your address is confirmed. Choose a password, and your account is ready.',
    confirmButton: 'Create the account',
    doneTitle: 'Your account is ready',
    done: 'You can sign in with your e-mail address and your password from now on.',
    goOn: 'Continue',
    signIn: 'Sign in',
    mail: (link) => ({
      subject: 'Create your account',
      text: [
        'Somebody asked to create an account with this e-mail address. If it was you, follow this link within one hour and choose a password:',
        link,
        'If it was not you, do nothing: without the link there will be no account.',
      ].join('\n\n'),
    }),
    mailToHolder: (signInUrl, resetUrl) => ({
      subject: 'You already have an account',
      text: [
        'Somebody asked to create an account with this e-mail address. You already have one, so nothing was changed.',
        `If it was you, sign in here:\n${signInUrl}`,
        `If you forgot your password, choose a new one here:\n${resetUrl}`,
        'If it was not you, you need not do anything.',
      ].join('\n\n'),
    }),
  },
  de: {
    title: 'Konto anlegen',
    lead: 'Wir senden Ihnen einen Link per E-Mail. Dort wählen Sie Ihr Passwort.',
    button: 'Link senden',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: [
      'Wenn diese Adresse erreichbar ist, ist eine E-Mail unterwegs. Der Link darin gilt eine Stunde.',
      'Nichts angekommen? Sehen Sie im Spam-Ordner nach, oder versuchen Sie es in ein paar Minuten noch einmal.',
    ],
    confirmLead: 'Ihre Adresse ist bestätigt. Wählen Sie ein Passwort, dann ist Ihr Konto fertig.',
    confirmButton: 'Konto anlegen',
    doneTitle: 'Ihr Konto ist fertig',
    done: 'Ab jetzt können Sie sich mit Ihrer E-Mail-Adresse und Ihrem Passwort anmelden.',
    goOn: 'Weiter',
    signIn: 'Anmelden',
    mail: (link) => ({
      subject: 'Legen Sie Ihr Konto an',
      text: [
        'Jemand möchte mit dieser E-Mail-Adresse ein Konto anlegen. Wenn Sie es waren, folgen Sie innerhalb einer Stunde diesem Link und wählen Sie ein Passwort:',
        link,
        'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne den Link entsteht kein Konto.',
      ].join('\n\n'),
    }),
    mailToHolder: (signInUrl, resetUrl) => ({
      subject: 'Sie haben schon ein Konto',
      text: [
        'Jemand möchte mit dieser E-Mail-Adresse ein Konto anlegen. Sie haben schon eines, deshalb wurde nichts geändert.',
        `Wenn Sie es waren, melden Sie sich hier an:\n${signInUrl}`,
        `Wenn Sie Ihr Passwort vergessen haben, wählen Sie hier ein neues:\n${resetUrl}`,
        'Wenn Sie es nicht waren, brauchen Sie nichts zu tun.',
      ].join('\n\n'),
    }),
  },
}

export const signUpClosedWords: InEachLocale<RefusalWords> = {
  en: {
    title: 'Nobody can sign up here',
    message: 'Accounts of this service are made by whoever runs it. Please ask there for one.',
  },
  de: {
    title: 'Hier kann man sich nicht registrieren',
    message: 'Konten dieses Dienstes legt der Betreiber an. Bitte fragen Sie dort danach.',
  },
}
