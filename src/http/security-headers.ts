/** Headers of every answer that is not proxied: nothing of ours is to be sniffed, framed or leaked by a link. */
export const answerHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const

/**
 * The Content-Security-Policy of a page with a form.
 *
 * `formTargets` are origins or schemes that a form's answer may redirect to: Chromium applies `form-action` to
 * the redirect as well, so without the client's validated origin consent could not lead back to it. `imageSources`
 * is the origin of the one picture on the page that is not ours.
 *
 * A page has a script only where something cannot be done without: then it is a file of ours, and never text in the page.
 */
export function pagePolicy(
  formTargets: readonly string[] = [],
  imageSources: readonly string[] = [],
  script?: string,
): string {
  return [
    "default-src 'none'",
    ...(script === undefined ? [] : ["script-src 'self'"]),
    "style-src 'self'",
    `img-src ${["'self'", ...imageSources].join(' ')}`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}
