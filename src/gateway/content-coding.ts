/** What the caller itself sent. The platform writes its own header over it and keeps the caller's beside the request. */
export function callersAcceptEncoding(request: Request): string {
  const kept = request.cf?.['clientAcceptEncoding']
  return typeof kept === 'string' ? kept : (request.headers.get('accept-encoding') ?? '')
}

/**
 * Whether a caller can read a content coding (RFC 9110 §12.5.3). Without the header anything would be allowed, but a
 * caller that says nothing usually decodes nothing.
 */
export function acceptsCoding(acceptEncoding: string, coding: string): boolean {
  const offers = acceptEncoding.toLowerCase().split(',').map(readOffer)
  const named = offers.find(({ name }) => name === coding.toLowerCase())
  return (named ?? offers.find(({ name }) => name === '*'))?.isWanted ?? false
}

function readOffer(text: string): { readonly name: string; readonly isWanted: boolean } {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim())
  return { name, isWanted: !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) }
}
