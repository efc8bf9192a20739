/**
 * Bounds of one-time values that belong to no account yet: pushed requests, device codes, identifiers of assertions and
 * proofs.
 */

const MINUTE_SECONDS = 60

/** RFC 9126 §2.2 speaks of 5 to 600 seconds; a client that has pushed a request sends its browser on at once. */
export const pushedRequestTtlSeconds = MINUTE_SECONDS
/** Counted from the first visit: a person signs in, finds a second factor and decides. */
export const pushedRequestOpenSeconds = 10 * MINUTE_SECONDS

/** RFC 8628 §3.2. A person picks up another device, and may have to sign in on it. */
export const deviceCodeTtlSeconds = 10 * MINUTE_SECONDS
/** Between two polls of one device (RFC 8628 §3.2). */
export const deviceIntervalSeconds = 5
/** What each poll that came too soon adds to the interval (RFC 8628 §3.5). */
export const deviceSlowDownSeconds = 5
/** An interval grows no further: by then the device gets eight answers before its code is over. */
export const deviceIntervalMaxSeconds = 75
/** Instants are whole seconds, and a network that was slow before may be fast now. */
export const devicePollSlackSeconds = 1
/** Two user codes that wait at once are the same once in about 25 thousand million tries. */
export const userCodeTriesMax = 3

/** Sweeps of an object of one-time values keep this distance. What waits for them is refused already. */
export const oneTimeSweepPauseSeconds = 5 * MINUTE_SECONDS

/** Pushed requests of one client; of a public one, from one address. Each is a row until it expires. */
export const pushedRequestsPerMinute = 120
/** Devices of one client that ask for codes; of a public one, from one address. */
export const deviceAuthorizationsPerMinute = 30
/** User codes that are not known, from one session; right ones are not counted. */
export const failedUserCodesPerMinute = 5
/** The same from one address, whoever is signed in there. */
export const failedUserCodesPerAddressPerMinute = 10
