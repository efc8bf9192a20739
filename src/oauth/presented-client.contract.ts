import * as z from 'zod'

import { credentialCharactersMax, identifierCharactersMax } from '../platform/bounds.ts'

const credential = z.string().max(credentialCharactersMax)

/** What a body may show of its client, at every endpoint that authenticates clients (RFC 6749 §2.3.1, RFC 7521 §4.2). */
export const clientParameters = {
  client_id: z.string().max(identifierCharactersMax).exactOptional(),
  client_secret: credential.exactOptional(),
  client_assertion: credential.exactOptional(),
  client_assertion_type: z.string().max(identifierCharactersMax).exactOptional(),
} as const

const Parameters = z.object(clientParameters)

export type ClientParameters = Readonly<z.output<typeof Parameters>>
