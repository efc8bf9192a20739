import * as z from 'zod'

import { nameCharactersMax } from '../platform/bounds.ts'

const text = z.string().max(nameCharactersMax)
const url = z.url({ protocol: /^https?$/ })

/** Claims that a person may have besides the e-mail address (OpenID Connect Core §5.1), under their registered names. */
export const StandardClaimsSchema = z
  .object({
    name: text,
    family_name: text,
    given_name: text,
    middle_name: text,
    nickname: text,
    preferred_username: text,
    profile: url,
    picture: url,
    website: url,
    gender: text,
    birthdate: z.string().regex(/^(\d{4}(-\d{2}-\d{2})?|0000-\d{2}-\d{2})$/),
    zoneinfo: text,
    locale: text,
    address: z
      .object({
        formatted: text,
        street_address: text,
        locality: text,
        region: text,
        postal_code: text,
        country: text,
      })
      .partial()
      .readonly(),
    phone_number: text,
    phone_number_verified: z.boolean(),
  })
  .partial()
  .readonly()

export type StandardClaims = z.output<typeof StandardClaimsSchema>
