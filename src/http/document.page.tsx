import type { Child } from 'hono/jsx'

import type { Locale } from './locale.ts'
import { answerHeaders, pagePolicy } from './security-headers.ts'

export interface PageOptions {
  readonly status: number
  readonly locale: Locale
  readonly title: string
  /** Origins that a form on the page may lead to; see `pagePolicy`. */
  readonly formTargets?: readonly string[]
  /** Origins that pictures on the page are loaded from, beside our own. */
  readonly imageSources?: readonly string[]
  /** A module of `public/`, for a page that is about something which only a script can do. */
  readonly script?: '/passkey.js' | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Renders a whole page around its content. Every page works without a script and is never cached: what it
 * shows depends on who is signed in.
 */
export function documentPage(options: PageOptions, content: Child): Response {
  const page = (
    <html lang={options.locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{options.title}</title>
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href="/gatewright.css" />
        <link rel="icon" href="/gatewright.svg" type="image/svg+xml" />
        {options.script && <script type="module" src={options.script} />}
      </head>
      <body>
        <header class="brand">
          <Mark />
          Gatewright
        </header>
        <main>{content}</main>
      </body>
    </html>
  )
  return new Response(`<!doctype html>${String(page)}`, {
    status: options.status,
    headers: {
      ...answerHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(options.formTargets, options.imageSources, options.script),
      'cache-control': 'no-store',
      vary: 'accept-language, cookie',
      'content-language': options.locale,
      ...options.headers,
    },
  })
}

/** The same mark as public/gatewright.svg, written out so that it takes the colour of the text. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" fill="none" stroke="currentColor">
      <path d="M5 28V14a11 11 0 0 1 22 0v14" stroke-width="3" stroke-linecap="round" />
      <path d="M12 28V15M20 28V15M3 28h26" stroke-width="2.5" stroke-linecap="round" />
    </svg>
  )
}
