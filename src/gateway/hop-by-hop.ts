/** Headers that concern one connection only (RFC 9110 §7.6.1, and what else was used so before it). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Names that a message asks not to be passed on: the usual ones, and those that its `Connection` names. */
export function hopByHop(headers: Headers): ReadonlySet<string> {
  const nominated = headers.get('connection')
  if (nominated === null) return HOP_BY_HOP
  return new Set([...HOP_BY_HOP, ...nominated.split(',').map((name) => name.trim().toLowerCase())])
}
