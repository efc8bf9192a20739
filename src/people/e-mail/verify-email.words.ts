import type { InEachLocale } from '../../http/locale.ts'
import type { Mail } from '../../mail/mail.ts'

export interface VerifyEmailWords {
  readonly send: string
  readonly sendStale: string
  readonly limited: string
  readonly sentTitle: string
  readonly sent: (email: string) => string
  readonly back: string
  readonly title: string
  readonly question: (email: string) => string
  readonly button: string
  readonly stale: string
  readonly doneTitle: string
  readonly done: string
  readonly mail: (link: string) => Omit<Mail, 'to'>
}

export const verifyEmailWords: InEachLocale<VerifyEmailWords> = {
  en: {
    send: 'Confirm the address',
    sendStale: 'This page was open too long, and no mail was sent. Please try again.',
    limited:
      'Enough mails were sent to this address for now. Please look into your mailbox, or try again in an hour.',
    sentTitle: 'Look into your mailbox',
    sent: (email) => `A mail is on its way to ${email}. The link in it works for one day.`,
    back: 'Back to your account',
    title: 'Confirm your address',
    question: (email) => `Is ${email} your address?`,
    button: 'Yes, confirm it',
    stale: 'This page was open too long, or your browser does not keep cookies. Please try again.',
    doneTitle: 'Your address is confirmed',
    done: 'Thank you. You can close this page.',
    mail: (link) => ({
      subject: 'Confirm your address',
      text: [
        'Follow this link within one day to confirm that this e-mail address is yours:',
        link,
        'If you did not ask for this, do nothing.',
      ].join('\n\n'),
    }),
  },
  de: {
    send: 'Adresse bestätigen',
    sendStale:
      'Diese Seite war zu lange geöffnet, und es wurde keine E-Mail gesendet. Bitte versuchen Sie es noch einmal.',
    limited:
      'An diese Adresse wurden vorerst genug E-Mails gesendet. Bitte sehen Sie in Ihr Postfach, oder versuchen Sie es in einer Stunde noch einmal.',
    sentTitle: 'Sehen Sie in Ihr Postfach',
    sent: (email) => `Eine E-Mail an ${email} ist unterwegs. Der Link darin gilt einen Tag.`,
    back: 'Zurück zu Ihrem Konto',
    title: 'Adresse bestätigen',
    question: (email) => `Ist ${email} Ihre Adresse?`,
    button: 'Ja, bestätigen',
    stale:
      'Diese Seite war zu lange geöffnet, oder Ihr Browser speichert keine Cookies. Bitte versuchen Sie es noch einmal.',
    doneTitle: 'Ihre Adresse ist bestätigt',
    done: 'Vielen Dank. Sie können diese Seite schließen.',
    mail: (link) => ({
      subject: 'Bestätigen Sie Ihre Adresse',
      text: [
        'Folgen Sie innerhalb eines Tages diesem Link, um zu bestätigen, dass diese E-Mail-Adresse Ihnen gehört:',
        link,
        'Wenn Sie das nicht angefordert haben, brauchen Sie nichts zu tun.',
      ].join('\n\n'),
    }),
  },
}
