const SOURCE = /^[a-z][a-z0-9+.-]*:(?:\/\/[a-z0-9.-]+(?::\d{1,5})?)?$/

/**
 * The `form-action` source that lets a form's answer lead on to a redirect URI, which must have been verified.
 *
 * Chromium holds the redirect after a form against the policy of the page that the form was on. A source may
 * hold only what the pattern has: a host such as `a;sandbox` is a legal URL, and would write directives of its
 * own. CSP has no way to write an IPv6 address, so for that loopback the whole scheme is allowed.
 *
 * @see CSP Level 3 §6.4.1 (form-action), §2.3.1 (source lists)
 */
export function formTarget(redirect_uri: string): readonly string[] {
  const url = URL.parse(redirect_uri)
  if (url === null) return []
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
  const source = isWeb && !url.hostname.startsWith('[') ? url.origin : url.protocol
  return SOURCE.test(source) ? [source] : []
}
