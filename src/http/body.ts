import { jsonDepthMax, parameterCharactersMax, parametersMax } from '../platform/bounds.ts'
import { fromUtf8 } from '../platform/encoding.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { repeatedMember } from './repeated-member.ts'

export type BodyFailure =
  | { readonly reason: 'body_too_large'; readonly bytesMax: number }
  | { readonly reason: 'media_type_unsupported'; readonly accepted: readonly string[] }
  | { readonly reason: 'body_incomplete' }
  | { readonly reason: 'body_malformed'; readonly message: string }

export type MediaType = 'form' | 'json'

const MEDIA_TYPES = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
} as const

/** A whole number as it is written, with or without a fraction of nothing. Exponents have no use in our bodies. */
const WHOLE_NUMBER = /^-?\d+(\.0+)?$/

/** Reads a form or a JSON object within its bound, whichever of the accepted types the request has. */
export async function readBody(
  request: Request,
  accepted: readonly MediaType[],
  bytesMax: number,
  repeatable: readonly string[] = [],
): Promise<Result<Readonly<Record<string, unknown>>, BodyFailure>> {
  const essence = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  const media = accepted.find((type) => MEDIA_TYPES[type] === essence)
  if (media === undefined) {
    return fail({ reason: 'media_type_unsupported', accepted: accepted.map((type) => MEDIA_TYPES[type]) })
  }
  const text = await readText(request, bytesMax)
  if (!text.ok) return text
  if (media === 'form')
    return looksLikeJson(text.value) ? malformed(SEND_AS_JSON) : readParameters(text.value, repeatable)
  const members = readJsonObject(text.value)
  return members.ok && accepted.includes('form') ? ok(withoutEmpty(members.value)) : members
}

/** What curl and others send as a form unless they are told what it is; read as one it would be a single odd name. */
function looksLikeJson(text: string): boolean {
  return text.trimStart().startsWith('{')
}

const SEND_AS_JSON = 'the body looks like JSON; send it with content-type: application/json'

/** What a query or a form says: one text for each name, or a list for a name that may repeat. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>

/**
 * Reads a query or a form as one value for each name.
 *
 * A name that comes twice is refused (RFC 6749 §3.1, §3.2): two readers that pick different ones can be made
 * to disagree about what was asked. The few that may repeat by their specification are named by the operation and come as
 * a list, also when there is only one. A name without a value counts as absent, as the same clause says.
 */
export function readParameters(
  text: string,
  repeatable: readonly string[] = [],
): Result<Parameters, BodyFailure> {
  if (hasBrokenEscape(text)) return malformed('a percent escape is incomplete or is not UTF-8')
  const lists = new Map<string, string[]>()
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    const values = lists.get(name)
    if (values !== undefined && !repeatable.includes(name)) {
      return malformed(`the parameter ${name.slice(0, 64)} is repeated`)
    }
    if (count >= parametersMax) return malformed(`more than ${parametersMax} parameters`)
    if (value.length > parameterCharactersMax) {
      return malformed(
        `the parameter ${name.slice(0, 64)} is longer than ${parameterCharactersMax} characters`,
      )
    }
    count += 1
    lists.set(name, [...(values ?? []), ...(value === '' ? [] : [value])])
  }
  return ok(toParameters(lists, repeatable))
}

function toParameters(
  lists: ReadonlyMap<string, readonly string[]>,
  repeatable: readonly string[],
): Parameters {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- an object without a prototype is typed as any.
  const parameters: Record<string, string | readonly string[]> = Object.create(null)
  for (const [name, values] of lists) {
    const [first] = values
    if (first !== undefined) parameters[name] = repeatable.includes(name) ? values : first
  }
  return parameters
}

/** Reads a body as UTF-8 text and stops at the bound, whatever Content-Length claims. */
export async function readText(
  message: { readonly headers: Headers; readonly body: ReadableStream<Uint8Array> | null },
  bytesMax: number,
): Promise<Result<string, BodyFailure>> {
  const tooLarge = fail({ reason: 'body_too_large', bytesMax })
  if (Number(message.headers.get('content-length') ?? 0) > bytesMax) return tooLarge
  if (message.body === null) return ok('')
  const reader = message.body.getReader()
  const chunks: Uint8Array[] = []
  let byteCount = 0
  for (;;) {
    const chunk = await readChunk(reader)
    if (chunk === undefined) return fail({ reason: 'body_incomplete' })
    if (chunk.done) break
    byteCount += chunk.value.byteLength
    if (byteCount > bytesMax) {
      await reader.cancel()
      return tooLarge
    }
    chunks.push(chunk.value)
  }
  const text = fromUtf8(concat(chunks, byteCount))
  return text === undefined ? malformed('the body is not UTF-8') : ok(text)
}

/**
 * The next chunk, or undefined where there will be none: the sender went away, sent less than it announced, or wrote
 * chunks that cannot be told apart. All of that is input, which anybody can send, and no bug of ours.
 */
async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch {
    return undefined
  }
}

function readJsonObject(text: string): Result<Readonly<Record<string, unknown>>, BodyFailure> {
  if (isDeeperThan(text, jsonDepthMax)) return malformed(`the JSON is nested deeper than ${jsonDepthMax}`)
  try {
    const value: unknown = JSON.parse(text, keepExact)
    if (!isRecord(value)) return malformed('the body is not a JSON object')
    const repeated = repeatedMember(text)
    return repeated === undefined ? ok(value) : malformed(`the member ${repeated.slice(0, 64)} is repeated`)
  } catch {
    return malformed('the body is not JSON')
  }
}

/** A client may send the same fields as a form, in which an empty one counts as absent (RFC 6749 §3.2). */
function withoutEmpty(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ''))
}

/**
 * Makes NaN of a number that comes out whole although another one was written, which no schema takes.
 *
 * The parser rounds without a word: 9007199254740993 is read as …992, and 0.99999999999999999 as 1. Somebody who is
 * below a limit in one reader and above it in the next has got past it.
 */
function keepExact(_name: string, value: unknown, ...rest: readonly unknown[]): unknown {
  if (!Number.isInteger(value)) return value
  const [context] = rest
  const source = isRecord(context) && typeof context['source'] === 'string' ? context['source'] : ''
  return Number.isSafeInteger(value) && WHOLE_NUMBER.test(source) ? value : Number.NaN
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Counts brackets outside strings before the parser, which recurses, sees the text. */
function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      depth += 1
      if (depth > depthMax) return true
    } else if (character === '}' || character === ']') depth -= 1
  }
  return false
}

function hasBrokenEscape(text: string): boolean {
  try {
    decodeURIComponent(text.replaceAll('+', ' '))
    return false
  } catch {
    return true
  }
}

function concat(chunks: readonly Uint8Array[], byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

function malformed(message: string): { readonly ok: false; readonly failure: BodyFailure } {
  return fail({ reason: 'body_malformed', message })
}
