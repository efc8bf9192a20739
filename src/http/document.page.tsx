import type { Child } from 'hono/jsx'

import { answerHeaders, pagePolicy } from './security-headers.ts'

export interface PageOptions {
  readonly status: number
  readonly title: string
  /** Origins that a form on the page may lead to; see `pagePolicy`. */
  readonly formTargets?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Renders a whole page around its content. Every page works without a script and is never cached: what it
 * shows depends on who is signed in.
 */
export function documentPage(options: PageOptions, content: Child): Response {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{options.title}</title>
        <link rel="stylesheet" href="/gatewright.css" />
      </head>
      <body>
        <main>{content}</main>
      </body>
    </html>
  )
  return new Response(`<!doctype html>${String(page)}`, {
    status: options.status,
    headers: {
      ...answerHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(options.formTargets),
      'cache-control': 'no-store',
      ...options.headers,
    },
  })
}
