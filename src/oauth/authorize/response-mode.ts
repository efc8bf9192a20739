/** How a response can travel, as it is named on the wire and in discovery. */
export const responseModes = [
  'query',
  'fragment',
  'form_post',
  'jwt',
  'query.jwt',
  'fragment.jwt',
  'form_post.jwt',
] as const

/**
 * Where the parameters are put, and whether they go there one by one or as one signed JWT.
 *
 * @see OAuth 2.0 Multiple Response Type Encoding Practices §2.1
 * @see OAuth 2.0 Form Post Response Mode §2
 * @see JWT Secured Authorization Response Mode §2.3
 */
export interface ResponseMode {
  readonly place: 'query' | 'fragment' | 'form_post'
  readonly isSigned: boolean
}

/** For `response_type=code`, and for an error about a mode that is not known here. */
export const defaultResponseMode: ResponseMode = { place: 'query', isSigned: false }

/** Reads `response_mode`, or answers undefined where it names none of ours. */
export function readResponseMode(text: string | undefined): ResponseMode | undefined {
  if (text === undefined) return defaultResponseMode
  const known = responseModes.find((mode) => mode === text)
  switch (known) {
    case undefined:
      return undefined
    case 'query':
    case 'fragment':
    case 'form_post':
      return { place: known, isSigned: false }
    case 'jwt':
    case 'query.jwt':
      return { place: 'query', isSigned: true }
    case 'fragment.jwt':
      return { place: 'fragment', isSigned: true }
    case 'form_post.jwt':
      return { place: 'form_post', isSigned: true }
  }
}
