import { globSync, readFileSync } from 'node:fs'
import { basename, join, sep } from 'node:path'

import { assert } from '../src/platform/assert.ts'
import { generatedNote, table } from './markdown.ts'
import { root } from './root.ts'

/** The specification behind each folder of `test/conformance`. A folder that is not here has no name in the reference. */
const SPECIFICATIONS: Readonly<Record<string, string>> = {
  'back-channel-logout': 'OpenID Connect Back-Channel Logout 1.0',
  fapi2: 'FAPI 2.0 Security Profile',
  'front-channel-logout': 'OpenID Connect Front-Channel Logout 1.0',
  'oauth-form-post': 'OAuth 2.0 Form Post Response Mode',
  'oauth-jarm': 'JWT Secured Authorization Response Mode for OAuth 2.0',
  'oauth-response-modes': 'OAuth 2.0 Multiple Response Type Encoding Practices',
  'oidc-core': 'OpenID Connect Core 1.0',
  'oidc-discovery': 'OpenID Connect Discovery 1.0',
  'oidc-registration': 'OpenID Connect Dynamic Client Registration 1.0',
  'oidc-third-party-initiated': 'OpenID Connect Core 1.0, third-party-initiated login',
  'rp-initiated-logout': 'OpenID Connect RP-Initiated Logout 1.0',
  rfc6749: 'RFC 6749, The OAuth 2.0 Authorization Framework',
  rfc6750: 'RFC 6750, Bearer Token Usage',
  rfc7009: 'RFC 7009, Token Revocation',
  rfc7521: 'RFC 7521, Assertion Framework',
  rfc7523: 'RFC 7523, JWT Profile for Client Authentication',
  rfc7591: 'RFC 7591, Dynamic Client Registration',
  rfc7592: 'RFC 7592, Dynamic Client Registration Management',
  rfc7636: 'RFC 7636, Proof Key for Code Exchange',
  rfc7662: 'RFC 7662, Token Introspection',
  rfc8252: 'RFC 8252, OAuth 2.0 for Native Apps',
  rfc8414: 'RFC 8414, Authorization Server Metadata',
  rfc8628: 'RFC 8628, Device Authorization Grant',
  rfc8693: 'RFC 8693, Token Exchange',
  rfc8707: 'RFC 8707, Resource Indicators',
  rfc9068: 'RFC 9068, JWT Profile for Access Tokens',
  rfc9101: 'RFC 9101, JWT-Secured Authorization Request',
  rfc9126: 'RFC 9126, Pushed Authorization Requests',
  rfc9207: 'RFC 9207, Issuer Identification',
  rfc9449: 'RFC 9449, Demonstrating Proof of Possession',
  rfc9470: 'RFC 9470, Step Up Authentication Challenge',
  rfc9700: 'RFC 9700, Best Current Practice for OAuth 2.0 Security',
  rfc9701: 'RFC 9701, JWT Response for Token Introspection',
  rfc9728: 'RFC 9728, Protected Resource Metadata',
}

interface Sentence {
  readonly specification: string
  readonly clause: string
  readonly text: string
  readonly test: string
}

/** A string in the source, in single quotes, double quotes or backticks. */
const STRING = `'((?:[^'\\\\]|\\\\.)*)'|"((?:[^"\\\\]|\\\\.)*)"|\`((?:[^\`\\\\]|\\\\.)*)\``
const TITLES = new RegExp(`\\b(describe|test)(?:\\.each\\([^]*?\\))?\\(\\s*(?:${STRING})`, 'g')

/** Every normative sentence that has a test: its title is the sentence, and the describe around it names the clause. */
export async function conformanceReference(): Promise<string> {
  const files = globSync('test/conformance/*/*.test.ts', { cwd: root }).toSorted(byNumbers)
  const sentences = files.flatMap(sentencesOf)
  const folders = [...new Set(sentences.map(({ specification }) => specification))]
  const intro =
    `${sentences.length} sentences of ${folders.length} specifications, each with the test that shows it. ` +
    'The tests run in workerd with real D1 and real objects: `npx vitest run --project worker test/conformance`.'
  const parts = folders.map((folder) => {
    const rows = sentences
      .filter(({ specification }) => specification === folder)
      .map(({ clause, text, test }) => [clause, text, `[${basename(test)}](../../${test})`])
    return `\n## ${nameOf(folder)}\n\n${table(['Clause', 'Sentence', 'Test'], rows)}`
  })
  return `${generatedNote}\n\n# Conformance\n\n${intro}\n${parts.join('')}`
}

function nameOf(folder: string): string {
  const name = SPECIFICATIONS[folder]
  assert(name !== undefined, `test/conformance/${folder} is named in ${basename(import.meta.filename)}`)
  return name
}

/** The clause is what a describe says behind §, or the name of the file where it says nothing. */
function sentencesOf(path: string): readonly Sentence[] {
  const [, , specification = ''] = path.split(sep)
  const ofFile = basename(path, '.test.ts')
  let clause = ofFile
  return Array.from(readFileSync(join(root, path), 'utf8').matchAll(TITLES)).flatMap(
    ([, kind, single, double, template]) => {
      const title = (single ?? double ?? template ?? '').replaceAll(/\\(.)/g, '$1')
      if (kind === 'test') return [{ specification, clause, text: title, test: path }]
      clause = /§\s*([\w.]+)/.exec(title)?.[1] ?? ofFile
      return []
    },
  )
}

/** `rfc8628/3.10` comes after `rfc8628/3.9`. */
function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
