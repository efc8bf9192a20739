import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { pagePolicy } from '../../http/security-headers.ts'
import { logoutFramesWaitSeconds } from '../../platform/bounds.ts'
import { frontChannelWords } from './front-channel.words.ts'

/** What may stand in a directive of the policy; anything else in a host would write directives of its own. */
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/

export interface FrontChannelView {
  readonly locale: Locale
  readonly frames: readonly string[]
  /** Where the browser goes on to: verified, or a page of ours. */
  readonly destination: string
}

/**
 * Loads an address of each client in a frame, and goes on after a moment.
 *
 * The page says `refresh` in a header, so that it goes on without a script. The frames may not navigate the page or open
 * windows: they are other people's pages, loaded without anybody having asked for them.
 *
 * @see OpenID Connect Front-Channel Logout 1.0 §3
 */
export function frontChannelPage({ locale, frames, destination }: FrontChannelView): Response {
  const words = frontChannelWords[locale]
  const origins = [...new Set(frames.map((frame) => new URL(frame).origin))].filter((origin) =>
    ORIGIN.test(origin),
  )
  const page = documentPage(
    { locale, status: 200, title: words.title },
    <>
      <h1>{words.heading}</h1>
      <p>{words.explanation}</p>
      <p>
        <a href={destination}>{words.onward}</a>
      </p>
      {frames.map((frame) => (
        <iframe src={frame} title={words.frame} sandbox="allow-scripts allow-same-origin" hidden />
      ))}
    </>,
  )
  page.headers.set('content-security-policy', `${pagePolicy()}; frame-src ${origins.join(' ')}`)
  page.headers.set('refresh', `${logoutFramesWaitSeconds}; url=${destination}`)
  return page
}
