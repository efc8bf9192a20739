/**
 * Bounds of proofs of possession (RFC 9449), each with its unit and its reason.
 */

const KIB = 1024

/** A whole proof: one with an RSA key of 4,096 bits has 2,400 characters. Beyond this nothing is parsed. */
export const proofCharactersMax = 4 * KIB
/** The `jti` of a proof; 128 random bits, as RFC 9449 §4.2 suggests, are 22 characters. */
export const proofIdCharactersMax = 256
/** Verifying takes longer the larger a key is, and the key is one that the caller chose. */
export const proofRsaBitsMax = 4096

/** A new nonce begins after this long, and the one before it still works: a proof lives for one to two of these. */
export const proofNonceSlotSeconds = 60
/** The clocks of two isolates differ by less than this. What one has handed out, the other must not refuse as unknown. */
export const isolateClockSkewSeconds = 5
/**
 * The nonce tells when a proof was made, so `iat` need not. Clocks of phones and desktops are wrong by minutes; one that is
 * wrong by more than this is wrong in a way that its owner wants to hear of.
 */
export const proofAgeMaxSeconds = 5 * 60
/** FAPI 2.0 Security Profile §5.3.2.1: ten seconds ahead are accepted, more than sixty are not. */
export const proofAheadMaxSeconds = 60

/**
 * Proofs that an isolate remembers at the gateway, about 150 bytes each. At 400 a second the oldest is forgotten when its
 * nonce ends.
 */
export const seenProofsMax = 50_000
