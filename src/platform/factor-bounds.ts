/** Bounds of second factors and of the sign-ins that wait for one, each with its unit and its reason. */

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 60 * MINUTE_SECONDS
const DAY_SECONDS = 24 * HOUR_SECONDS

/** A new code every 30 s, of six digits: the one form that every authenticator app knows (RFC 6238 §5.2). */
export const totpStepSeconds = 30
export const totpDigits = 6
/** RFC 4226 §4 asks for 160 bits. */
export const totpSecretBytes = 20
/** A telephone's clock may be off by a step, and typing takes a while; each further step would double the guesses. */
export const totpStepsAround = 1

/** Enough for years of lost telephones, few enough to be printed on a card. */
export const recoveryCodesCount = 10
/** 80 bits: nobody guesses one, not even with the table of digests at hand. */
export const recoveryCodeBytes = 10

/** Somebody with a second telephone and a few keys has five; a list without end could not be looked through. */
export const passkeysMax = 20
export const passkeyNameCharactersMax = 64
/** What a browser says of one passkey, as JSON; larger is only an attestation that nobody asked for. */
export const passkeyCredentialCharactersMax = 8 * 1024
export const passkeyChallengeTtlSeconds = 5 * MINUTE_SECONDS
/** How long a person is given to touch the key, in the browser's own dialogue. */
export const passkeyPromptTimeoutMs = 5 * MINUTE_SECONDS * 1000

/** Time to find the telephone, and not to leave half a sign-in open on a shared computer. */
export const pendingSignInTtlSeconds = 10 * MINUTE_SECONDS
/** Answers to one sign-in that waits; then the password is asked for again. */
export const pendingSignInTries = 5
/**
 * Wrong codes of one account's app in a day, from wherever. They come from somebody who has the password: with three
 * codes in a million right at a time, it would take thirty years for an even chance.
 */
export const wrongCodesPerDay = 20
export const wrongCodesWindowSeconds = DAY_SECONDS

/** Second factors are changed by somebody who proved within this who they are, not by whoever sits down at the desk. */
export const factorChangeFreshSeconds = 5 * MINUTE_SECONDS
