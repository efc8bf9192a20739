/** Bounds of what people do with their own accounts, each with its unit and its reason; the rest is in `bounds.ts`. */

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 60 * MINUTE_SECONDS
const DAY_SECONDS = 24 * HOUR_SECONDS

/** Somebody who signs up looks into the mailbox now; a link that lies there for days is a key under the mat. */
export const signUpLinkTtlSeconds = HOUR_SECONDS
/** A link that sets a new password is worth as much as the password, so it lives for the shortest time. */
export const resetLinkTtlSeconds = 30 * MINUTE_SECONDS
/** It only says that an address is read, and whoever is asked to confirm one is in no hurry. */
export const verificationLinkTtlSeconds = DAY_SECONDS
/** Mails to one address, whatever they are about: enough for somebody who mistypes, too few to fill a mailbox. */
export const mailsPerRecipientPerHour = 5
/** Requests for mail from one network address. An office shares one; a flood of strangers' addresses does not fit. */
export const mailRequestsPerAddressPerHour = 30
/** A mail of ours is a few sentences and a link. */
export const mailSubjectCharactersMax = 120
export const mailTextCharactersMax = 4_096
/** A mail service that has not answered by then is taken to have failed, while the platform still waits for us. */
export const mailTimeoutMs = 10_000
/** Mails that the mailbox of a development server keeps. */
export const mailboxRowsMax = 100
