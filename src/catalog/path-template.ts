import { ownFirstSegments } from '../http/own-paths.ts'
import { pathSegmentsMax } from '../platform/bounds.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { readPath } from './request-path.ts'

/** A segment of a published path: a text that must be met, decoded, or a parameter that takes any. */
export type TemplateSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }

export interface TemplateFailure {
  readonly reason: 'template_invalid'
  readonly message: string
}

const PARAMETER = /^\{([A-Za-z_][A-Za-z0-9_-]{0,63})\}$/

/** Reads a path template in OpenAPI's form, `/users/{id}/posts`: a parameter is a whole segment. */
export function readTemplate(path: string): Result<readonly TemplateSegment[], TemplateFailure> {
  if (!path.startsWith('/')) return invalid('must begin with a slash')
  const texts = path.slice(1).split('/')
  if (path !== '/' && texts.includes('')) return invalid('must not have an empty segment, at the end neither')
  if (texts.length > pathSegmentsMax) return invalid(`must have at most ${pathSegmentsMax} segments`)
  if (ownFirstSegments.has(texts[0] ?? '')) return invalid(`must not begin with /${texts[0]}, which is ours`)
  const segments: TemplateSegment[] = []
  for (const text of texts) {
    const segment = readSegment(text)
    if (!segment.ok) return segment
    segments.push(segment.value)
  }
  const names = segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []))
  if (new Set(names).size < names.length) return invalid('must not name two parameters alike')
  return ok(segments)
}

/** Takes a template apart that has been read before, when it was published: it is known to be one. */
export function splitTemplate(path: string): readonly TemplateSegment[] {
  return path
    .slice(1)
    .split('/')
    .map((text) =>
      text.startsWith('{')
        ? { kind: 'parameter', name: text.slice(1, -1) }
        : { kind: 'literal', text: text.includes('%') ? decodeURIComponent(text) : text },
    )
}

/** Other notations (`:id`, `*`) are refused rather than taken for plain text, which nobody would ever request. */
function readSegment(text: string): Result<TemplateSegment, TemplateFailure> {
  const [, name] = PARAMETER.exec(text) ?? []
  if (name !== undefined) return ok({ kind: 'parameter', name })
  if (/[{}*]|^:/.test(text)) return invalid(`must write a parameter as a whole segment, {name}; got ${text}`)
  const path = readPath(`/${text}`)
  if (!path.ok) return invalid(`must be a plain path: ${path.failure.message}`)
  if (path.value.canonical !== `/${text}`) {
    return invalid(`must be in normal form: ${path.value.canonical.slice(1)} in place of ${text}`)
  }
  return ok({ kind: 'literal', text: path.value.segments.join('/') })
}

function invalid(message: string): { readonly ok: false; readonly failure: TemplateFailure } {
  return fail({ reason: 'template_invalid', message })
}
