import * as z from 'zod'

import { parameterCharactersMax } from '../platform/bounds.ts'

/**
 * Where sign-in may lead on to: a page of the account, the one for devices, or an authorization request of this server.
 *
 * It is a whole path from its first slash on, so nothing that a browser would take for another host fits (`//`,
 * `/\`, `https:`, a tab in between), and printable ASCII only, so it is safe in a header.
 */
export const returnPath = z
  .string()
  .max(parameterCharactersMax)
  .regex(
    /^\/(?:account(?:\/[a-z-]+){0,2}|device(?:\?user_code=[A-Z-]{8,9})?|oauth\/authorize\?[!"$-[\]-~]+)$/,
    'must be a page of the account, the one for devices, or an authorization request of this server',
  )
  .default('/account')
