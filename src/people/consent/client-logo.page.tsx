import type { InEachLocale, Locale } from '../../http/locale.ts'
import type { ClientView } from './client-view.ts'

const ALT: InEachLocale<string> = { en: 'Logo of', de: 'Logo von' }

interface ClientLogoProps {
  readonly client: ClientView
  readonly locale: Locale
}

/**
 * The client's own picture, loaded from where it registered it: its server learns that somebody is looking, and neither
 * from which page nor of what request.
 */
export function ClientLogo({ client: { name, logo }, locale }: ClientLogoProps) {
  if (logo === undefined) return null
  const alt = `${ALT[locale]} ${name}`
  return <img class="logo" src={logo.uri} alt={alt} width="56" height="56" referrerpolicy="no-referrer" />
}
