import type { Locale } from '../../http/locale.ts'
import { clientLinksWords } from './client-links.words.ts'
import type { ClientView } from './client-view.ts'

interface ClientLinksProps {
  readonly client: ClientView
  readonly locale: Locale
}

/** The policy and the terms that a client has registered. */
export function ClientLinks({ client, locale }: ClientLinksProps) {
  const words = clientLinksWords[locale]
  const links = [
    { href: client.policy_uri, text: words.policy },
    { href: client.tos_uri, text: words.terms },
  ].filter(({ href }) => href !== undefined)
  if (links.length === 0) return null
  return (
    <p class="quiet">
      <bdi>{client.name}</bdi>:{' '}
      {links.map(({ href, text }, at) => (
        <>
          {at > 0 && ' · '}
          <a href={href} rel="noopener noreferrer">
            {text}
          </a>
        </>
      ))}
    </p>
  )
}
