import * as z from 'zod'

const base64urlText = z.string().regex(/^[A-Za-z0-9_-]+$/)

/** What a browser answers when a passkey was made (Web Authentication Level 3 §5.1.8, RegistrationResponseJSON). */
export const RegistrationSchema = z.object({
  id: base64urlText,
  rawId: base64urlText,
  type: z.literal('public-key'),
  response: z.object({ clientDataJSON: base64urlText, attestationObject: base64urlText }),
})

/** What it answers when one was used (AuthenticationResponseJSON). */
export const AssertionSchema = z.object({
  id: base64urlText,
  rawId: base64urlText,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64urlText,
    authenticatorData: base64urlText,
    signature: base64urlText,
    userHandle: base64urlText.nullish(),
  }),
})

/** What the browser itself says, and the passkey signs (Web Authentication Level 3 §5.8.1). */
export const ClientDataSchema = z.object({
  challenge: z.string(),
  crossOrigin: z.boolean().default(false),
})

export type Registration = z.output<typeof RegistrationSchema>
export type Assertion = z.output<typeof AssertionSchema>
