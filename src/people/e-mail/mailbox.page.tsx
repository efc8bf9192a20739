import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import type { KeptMail } from '../../mail/mailbox.store.ts'
import { mailboxWords } from './mailbox.words.ts'

export function mailboxPage(locale: Locale, mails: readonly KeptMail[]): Response {
  const words = mailboxWords[locale]
  return documentPage(
    { locale, title: words.title, status: 200 },
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {mails.length === 0 && <p>{words.nothing}</p>}
      {mails.map((mail) => (
        <Letter locale={locale} mail={mail} />
      ))}
    </>,
  )
}

function Letter({ locale, mail }: { readonly locale: Locale; readonly mail: KeptMail }) {
  const sent = new Date(mail.sent_at * 1000).toISOString()
  return (
    <article class="entry">
      <h2>{mail.subject}</h2>
      <p class="quiet">
        {mailboxWords[locale].to} {mail.to},{' '}
        <time datetime={sent}>{sent.slice(0, 19).replace('T', ' ')} UTC</time>
      </p>
      {mail.text
        .split('\n')
        .map((line) => (line === '' ? null : <p>{isLink(line) ? <Link url={line} /> : line}</p>))}
    </article>
  )
}

function Link({ url }: { readonly url: string }) {
  return <a href={url}>{url}</a>
}

/** A link stands on a line of its own in every mail of ours. */
function isLink(line: string): boolean {
  return /^https?:\/\/\S+$/.test(line)
}
