import type { InEachLocale } from '../../http/locale.ts'

export interface MailboxWords {
  readonly title: string
  readonly lead: string
  readonly nothing: string
  readonly to: string
}

export const mailboxWords: InEachLocale<MailboxWords> = {
  en: {
    title: 'Mailbox',
    lead: 'This server is for development. It sends no mail; here is what it would have sent, newest first.',
    nothing: 'Nothing yet.',
    to: 'To',
  },
  de: {
    title: 'Postfach',
    lead: 'Dieser Server dient der Entwicklung. Er versendet keine E-Mails; hier steht, was er gesendet hätte, das Neueste zuerst.',
    nothing: 'Noch nichts.',
    to: 'An',
  },
}
