/** Bounds of authorization requests beyond those of every request, each with its unit and its reason. */

const KIB = 1024
const MINUTE_SECONDS = 60

/** FAPI 2.0 Message Signing §5.3.1: between `nbf` and `exp`, and between `nbf` and now. */
export const requestObjectLifetimeSecondsMax = 60 * MINUTE_SECONDS
/** A request object with a few claims comes to 2 KiB; no longer one would be read as a JWT. */
export const requestObjectBytesMax = 16 * KIB
/** A person waits for it. */
export const requestObjectTimeoutMs = 5_000
/** A visit fetches one up to six times, for sign-in and back; anybody may visit, and each time costs a request of ours. */
export const requestObjectFetchesPerMinute = 60
/** A fetched request object whose address names its content is kept for one visit: sign-in, consent, and back. */
export const requestUriAgeMaxMs = MINUTE_SECONDS * 1000
/** A place that a request object could not be fetched from is not asked again within this. */
export const requestUriFailureAgeMs = 10_000
/** Fetched request objects kept in an isolate, and as many places that failed; 16 KiB each at worst. */
export const requestObjectsHeldMax = 200
/** JARM §2.1 recommends ten minutes at most; a browser delivers it at once. */
export const signedResponseTtlSeconds = 10 * MINUTE_SECONDS
