import * as z from 'zod'

/** Longer than any token of ours, and short enough to be worth a look: an expiry, a secret, a MAC. */
const linkTokenCharactersMax = 128

/**
 * The token of a link in a mail. It stands in a query, where secrets do not belong, because a link is all that a mail
 * can carry: it works once and for a short time, our pages send no Referer, and the platform's log leaves queries out.
 */
export const linkToken = z.string().min(1).max(linkTokenCharactersMax)
