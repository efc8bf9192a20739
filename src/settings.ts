import * as z from 'zod'

import { isMailAddress } from './mail/mail.ts'
import { deriveKey } from './platform/digest.ts'
import { fromBase64url } from './platform/encoding.ts'
import { fail, ok, type Result } from './platform/result.ts'

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])
const SECRET_BYTES = 32

const ISSUER_RULE = 'must be an https origin without a path, query or trailing slash (http on loopback only)'
const SENDER_RULE = 'must be an e-mail address'
const SECRET_RULE = 'must be 32 random bytes in base64url, e.g. from `npm run setup`'

/** Every variable and secret that the Worker reads, for the parser and for the table in the reference. */
const SettingsSchema = z.object({
  ISSUER: z
    .string(ISSUER_RULE)
    .refine(isIssuer, ISSUER_RULE)
    .describe(
      'Origin that this gateway is reached at; the `iss` of its tokens and the prefix of every URL it names.',
    ),
  GATEWRIGHT_SECRET: z
    .string(SECRET_RULE)
    .refine((text) => fromBase64url(text)?.byteLength === SECRET_BYTES, SECRET_RULE)
    .describe(
      'Root secret. Keys that encrypt signing keys and authenticate tokens and forms are derived from it.',
    ),
  REGISTRATION: z
    .enum(['closed', 'open'], 'must be closed or open')
    .default('closed')
    .describe('Whether anyone may register a client. `closed`: only a bearer token with the scope `manage`.'),
  ALLOW_LOOPBACK: z
    .enum(['false', 'true'], 'must be false or true')
    .default('false')
    .describe(
      'Development only: upstreams, foreign issuers and redirects to plain-http loopback addresses are allowed, and mail ' +
        'is kept for `/mailbox` instead of being sent.',
    ),
  SIGN_UP: z
    .enum(['closed', 'open'], 'must be closed or open')
    .default('closed')
    .describe(
      'Whether people may make themselves an account. `closed`: an operator makes them. Open needs e-mail.',
    ),
  EMAIL_FROM: z
    .string(SENDER_RULE)
    .refine(isMailAddress, SENDER_RULE)
    .optional()
    .describe(
      'Address that mail of this deployment comes from, sent through the binding `EMAIL`. Without both, nobody can sign ' +
        'up or set a forgotten password: see the guide to e-mail.',
    ),
})

export interface Settings {
  readonly issuer: string
  readonly registrationIsOpen: boolean
  readonly loopbackIsAllowed: boolean
  readonly signUpIsOpen: boolean
  /** The address that mail comes from, where this deployment may send any. */
  readonly mailSender: string | undefined
  /** One key for each purpose, all derived from the root secret. */
  readonly keys: {
    readonly signingKeySeal: Uint8Array
    readonly token: { readonly mac: Uint8Array; readonly vaultSeal: Uint8Array }
    /** Names people for clients that must not know each other's names for them. */
    readonly pairwiseSubject: Uint8Array
    /** Hides whose token it is where `sub` does not say. */
    readonly accountSeal: Uint8Array
    readonly proofNonceMac: Uint8Array
    readonly oneTimeMac: Uint8Array
    readonly emailLinkMac: Uint8Array
    readonly factorSeal: Uint8Array
    readonly passkeyMac: Uint8Array
    readonly upstreamSeal: Uint8Array
    readonly apiKeyMac: Uint8Array
    readonly formMac: Uint8Array
    readonly requestMac: Uint8Array
  }
}

export interface SettingsFailure {
  readonly reason: 'settings_invalid'
  /** Names of what is missing or wrong, with what it must be; never the value. */
  readonly faults: readonly { readonly name: string; readonly message: string }[]
}

/** Parses the environment once. A bad value refuses to serve and names itself. */
export function readSettings(env: unknown): Result<Settings, SettingsFailure> {
  const parsed = SettingsSchema.safeParse(env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ name: path.join('.'), message }))
    return fail({ reason: 'settings_invalid', faults })
  }
  const root = fromBase64url(parsed.data.GATEWRIGHT_SECRET) ?? new Uint8Array(0)
  return ok({
    issuer: parsed.data.ISSUER,
    registrationIsOpen: parsed.data.REGISTRATION === 'open',
    loopbackIsAllowed: parsed.data.ALLOW_LOOPBACK === 'true',
    signUpIsOpen: parsed.data.SIGN_UP === 'open',
    mailSender: parsed.data.EMAIL_FROM,
    keys: {
      signingKeySeal: deriveKey(root, 'gatewright signing key seal v1'),
      token: {
        mac: deriveKey(root, 'gatewright token mac v1'),
        vaultSeal: deriveKey(root, 'gatewright vault id seal v1'),
      },
      pairwiseSubject: deriveKey(root, 'gatewright pairwise subject v1'),
      accountSeal: deriveKey(root, 'gatewright account seal v1'),
      proofNonceMac: deriveKey(root, 'gatewright dpop nonce mac v1'),
      oneTimeMac: deriveKey(root, 'gatewright one-time handle mac v1'),
      emailLinkMac: deriveKey(root, 'gatewright e-mail link mac v1'),
      factorSeal: deriveKey(root, 'gatewright second factor seal v1'),
      passkeyMac: deriveKey(root, 'gatewright passkey challenge mac v1'),
      upstreamSeal: deriveKey(root, 'gatewright upstream provider seal v1'),
      apiKeyMac: deriveKey(root, 'gatewright api key mac v1'),
      formMac: deriveKey(root, 'gatewright form mac v1'),
      requestMac: deriveKey(root, 'gatewright authorization request mac v1'),
    },
  })
}

/** Rows of the configuration table in the reference. */
export function describeSettings(): readonly { name: string; description: string; fallback: string }[] {
  return Object.entries(SettingsSchema.shape).map(([name, schema]) => ({
    name,
    description: schema.description ?? '',
    fallback: fallbackOf(schema),
  }))
}

function fallbackOf(schema: z.ZodType<string | undefined>): string {
  return schema.safeParse(undefined).success ? (schema.parse(undefined) ?? '(none)') : '(required)'
}

function isIssuer(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.origin !== text) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))
}
