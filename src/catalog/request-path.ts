import { fail, ok, type Result } from '../platform/result.ts'

/** A path that we and an upstream are sure to read alike. */
export interface RequestPath {
  /** To be forwarded: percent-encoding in its one normal form (RFC 3986 §6.2.2). */
  readonly canonical: string
  /** To be matched: decoded. A trailing slash leaves an empty last segment. */
  readonly segments: readonly string[]
}

export interface PathFailure {
  readonly reason: 'path_ambiguous'
  readonly message: string
}

/** `pchar` without escapes and without the semicolon, which begins parameters for some and nothing for others. */
const PLAIN = /^[A-Za-z0-9._~!$&'()*+,=:@-]*$/
const UNRESERVED = /^[A-Za-z0-9._~-]$/
const TRIPLET_OR_FOREIGN = /%[0-9A-Fa-f]{2}|[^%A-Za-z0-9._~!$&'()*+,=:@-]/gu
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const SPLITTING = /[\u0000-\u001f\u007f-\u009f/\\;?#]/
const ENCODED_TWICE = /%(?:2e|2f|5c|3b|3f|23|25|7f|[01][0-9a-f])/i

/**
 * Reads the path of a request, and refuses one that another program could read as another path.
 *
 * The attacker sends what we take for a harmless route and the upstream for a guarded one: a second slash that
 * one side merges, dots that one side resolves or drops at the end, an encoded slash, backslash, `?` or `#` that one
 * side decodes, a `;x` that one side cuts off, a byte that ends a string, an escape of an escape. Escaped letters are no such trick; they
 * are decoded for both sides (RFC 3986 §2.3).
 */
export function readPath(path: string): Result<RequestPath, PathFailure> {
  if (!path.startsWith('/')) return ambiguous('the path does not begin with a slash')
  const raw = path.slice(1).split('/')
  const segments: string[] = []
  let canonical = ''
  for (const [at, text] of raw.entries()) {
    if (text === '' && at < raw.length - 1) return ambiguous('a segment is empty')
    const segment = readSegment(text)
    if (!segment.ok) return segment
    segments.push(segment.value.decoded)
    canonical += `/${segment.value.canonical}`
  }
  return ok({ canonical, segments })
}

function readSegment(raw: string): Result<{ canonical: string; decoded: string }, PathFailure> {
  const isPlain = PLAIN.test(raw)
  const canonical = isPlain ? raw : normalise(raw)
  const decoded = isPlain ? raw : decode(canonical)
  if (decoded === undefined) return ambiguous('an escape is incomplete or is not UTF-8')
  if (/^\.+$/.test(decoded)) return ambiguous('a segment consists of dots')
  if (!isPlain && SPLITTING.test(decoded)) {
    return ambiguous(
      'a segment holds a slash, backslash, semicolon, question mark, hash or control character',
    )
  }
  if (/[. ]$/.test(decoded)) return ambiguous('a segment ends in a dot or a space')
  if (!isPlain && ENCODED_TWICE.test(decoded)) return ambiguous('a segment is encoded twice')
  return ok({ canonical, decoded })
}

/** Decodes what needs no escape, writes other escapes in capitals, and escapes what may not stand there bare. */
function normalise(segment: string): string {
  return segment.replaceAll(TRIPLET_OR_FOREIGN, (part) => {
    if (!part.startsWith('%')) return encodeURIComponent(part.toWellFormed())
    const character = String.fromCharCode(Number.parseInt(part.slice(1), 16))
    return UNRESERVED.test(character) ? character : part.toUpperCase()
  })
}

function decode(segment: string): string | undefined {
  if (BROKEN_ESCAPE.test(segment)) return undefined
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

function ambiguous(message: string): { readonly ok: false; readonly failure: PathFailure } {
  return fail({ reason: 'path_ambiguous', message })
}
