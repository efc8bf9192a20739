/**
 * Builds a `WWW-Authenticate` value (RFC 9110 §11.6.1, RFC 6750 §3).
 *
 * Values are quoted and stripped of what could end the quote, since some of them repeat the request.
 */
export function challenge(
  scheme: 'Basic' | 'Bearer' | 'DPoP' | 'ApiKey',
  parameters: Readonly<Record<string, string>>,
): string {
  const list = Object.entries(parameters).map(
    ([name, value]) => `${name}="${value.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '')}"`,
  )
  return list.length === 0 ? scheme : `${scheme} ${list.join(', ')}`
}
