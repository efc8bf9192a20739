/**
 * Every bound in the program, with its unit and its reason. Something without a bound is a way to be exhausted.
 */

const KIB = 1024
const MINUTE_SECONDS = 60
const HOUR_SECONDS = 60 * MINUTE_SECONDS
const DAY_SECONDS = 24 * HOUR_SECONDS

/** A form or JSON body at an OAuth endpoint: a client assertion and a signed request object fit with room. */
export const oauthBodyBytesMax = 64 * KIB
/** A JSON body at a management endpoint; a catalogue of a few thousand routes fits. */
export const managementBodyBytesMax = 1024 * KIB
/** A request for a decision: three names and a context. Cedar's time grows with the context. */
export const authorizeBodyBytesMax = 64 * KIB
/** A body on its way to an upstream, unless the route says less. The platform itself stops at 100 MB. */
export const proxiedBodyBytesMax = 10 * 1024 * KIB
/** An HTML form: an e-mail address, a password, a signed request. */
export const pageFormBytesMax = 32 * KIB
/** Nesting of a JSON body. Deep nesting costs a parser stack, and no request of ours needs more. */
export const jsonDepthMax = 32
/** Parameters in one form or query; more are not read. */
export const parametersMax = 64

/** One OAuth parameter. `state` of 1,000 characters must work; a client assertion is longer than any other. */
export const parameterCharactersMax = 8 * KIB
export const stateCharactersMax = 2 * KIB
/** A whole authorization request, encoded: it travels to sign-in and back inside one parameter, with a little added. */
export const authorizationRequestCharactersMax = 8 * KIB - 256
export const nonceCharactersMax = 512
export const scopeCharactersMax = 1 * KIB
export const identifierCharactersMax = 256
/** The identifier of an entity in a request for a decision: a path or a URL is usual. */
export const entityIdCharactersMax = 1 * KIB
export const redirectUriCharactersMax = 2 * KIB
export const redirectUrisMax = 32
export const nameCharactersMax = 200
/** RFC 5321 §4.5.3.1.3, the longest forward path. */
export const emailCharactersMax = 254
/** Long pass phrases are welcome; a megabyte to hash is an attack. */
export const passwordCharactersMax = 256
export const passwordCharactersMin = 8
/** Any bearer token or API key: beyond this nothing is parsed. */
export const credentialCharactersMax = 8 * KIB

/** RFC 6749 §4.1.2 recommends at most ten minutes; nobody honest needs one. */
export const authorizationCodeTtlSeconds = 60
export const accessTokenTtlSeconds = HOUR_SECONDS
export const idTokenTtlSeconds = HOUR_SECONDS
/** A refresh token that nobody uses for so long ends. */
export const refreshTokenIdleSeconds = 30 * DAY_SECONDS
/** A grant ends at last, however often it is refreshed, and the person signs in again. */
export const grantTtlSeconds = 90 * DAY_SECONDS
/** A refresh token that is not rotated has its idle expiry moved in steps of this, rather than by a write at each use. */
export const refreshExtensionSeconds = HOUR_SECONDS
/** A grant ends for its client after so many rotations, each of which leaves a row: one in 2.6 minutes for 90 days. */
export const rotationsMax = 50_000
/** Within it, the same client that presents a spent refresh token gets the same successor: its answer was lost. */
export const refreshRetrySeconds = 30
/** A browser session ends, active or not. */
export const sessionTtlSeconds = 12 * HOUR_SECONDS
/** An authorization request asks for a new sign-in again when the person took longer than this over it. */
export const reauthenticationSeconds = 15 * MINUTE_SECONDS
/** A form that a person leaves open longer is shown again. */
export const formTtlSeconds = HOUR_SECONDS
/** Clocks of other issuers may differ from ours by this much. */
export const clockSkewSeconds = 30

/** How long a signing key signs before the next one takes over. */
export const signingKeyActiveSeconds = 30 * DAY_SECONDS
/** The key after the next is published this long before the next one signs: a scheduler may miss a day. */
export const nextKeyLeadSeconds = DAY_SECONDS
/** JWKS may be cached this long, so the next key must have been published for longer before it signs. */
export const jwksMaxAgeSeconds = 10 * MINUTE_SECONDS
/** An isolate looks at the key ring again after this long. */
export const keyRingAgeMaxMs = 30_000
/** The one request that looks at the ring again waits no longer than this for D1, and then takes the keys that are held. */
export const keyRingWaitMs = 1_000
/** In an isolate that holds no keys yet there is nothing to take, so patience is longer. */
export const keyRingFirstWaitMs = 10_000
/** An isolate that lacks a key to sign with looks for one this often, rather than with each request that needs it. */
export const missingKeyCooldownMs = 1_000
/** An unknown `kid` may cause a fetch of keys this often, or a stream of forged tokens becomes a flood. */
export const unknownKidCooldownMs = 10_000
/** Keys of a foreign issuer are asked for again after this long, or sooner if `Cache-Control` says so. */
export const remoteJwksAgeMaxMs = 10 * MINUTE_SECONDS * 1000
/** Keys of a foreign issuer that cannot be reached still verify for this long. */
export const remoteJwksStaleMaxMs = 24 * HOUR_SECONDS * 1000
export const remoteJwksBytesMax = 64 * KIB
export const remoteJwksTimeoutMs = 5_000
/** Verified tokens kept in an isolate, by digest; about 1 KiB each. */
export const verifiedTokensMax = 5_000

/** A client that was changed or removed is known as it was for this long. */
export const clientAgeMaxMs = 2_000
/** How far ahead a client assertion may end; its identifier is kept until then. */
export const assertionLifetimeSecondsMax = 5 * MINUTE_SECONDS
/** Key sets of clients kept in an isolate, one for each algorithm that is used of a set; about 2 KiB each. */
export const clientKeySetsMax = 1_000
/** A sector identifier document; each registration reads it anew. */
export const sectorDocumentBytesMax = 64 * KIB
export const sectorDocumentTimeoutMs = 5_000
/** A sector identifier document that could not be had is not asked for again within this. */
export const sectorFailureAgeMs = 10_000
/** Sector identifier documents that could not be had, as an isolate remembers them. */
export const sectorFailuresMax = 1_000
/** Clients kept in an isolate; about 1 KiB each. */
export const clientsCachedMax = 1_000

/** The snapshot is looked at again in the background after this long… */
export const snapshotRefreshMs = 1_000
/** …and nobody is served from one that has not been looked at for this long, while D1 answers. */
export const snapshotAgeMaxMs = 2_000
export const routesMax = 5_000
export const upstreamsMax = 500
export const plansMax = 100
export const trustedIssuersMax = 50
/** APIs that are published with an identifier of their own. */
export const publishedResourcesMax = 500
/** Resources that one request may name (RFC 8707 §2). Each goes into `aud`, and together they are the key of a consent. */
export const requestedResourcesMax = 8
/** Who acted for whom, in one exchanged token: longer chains are of no use to a resource and only grow. */
export const actorsMax = 4
export const upstreamTimeoutMs = 30_000
/** Faults of one document that are listed; beyond them, how many there are. */
export const faultsMax = 1_000
/** Segments of a published path; a request with more matches nothing. */
export const pathSegmentsMax = 32
export const pathTemplateCharactersMax = 1 * KIB
/** An origin or the address of a key set. */
export const urlCharactersMax = 2 * KIB
/** Scopes that open one route; any of them does. */
export const routeScopesMax = 32
/** Issuers whose tokens one route takes. */
export const routeIssuersMax = 8
/** Origins whose pages may call one route. */
export const allowedOriginsMax = 32
/** Versions of the catalogue that are kept, to see what was published before. */
export const snapshotsKeptMax = 20
/** A request that must wait for the snapshot waits no longer than this for D1, and then takes the last one. */
export const snapshotWaitMs = 1_000
/** In an isolate that has none yet there is nothing to take, so patience is longer. */
export const snapshotFirstWaitMs = 10_000
/** After a failed read of the snapshot, requests are served from the last one for this long before the next try. */
export const snapshotRetryMs = 1_000
/** Fetches of one issuer's keys within a cooldown. More than one, because requests that arrive together cannot share one. */
export const remoteJwksFetchesMax = 64
/** Keys in one published set; further ones are not read. */
export const remoteJwksKeysMax = 64
/** However short its `Cache-Control`, a key set is not asked for again sooner. */
export const remoteJwksAgeMinMs = MINUTE_SECONDS * 1000

/** Per API key or token, when no plan says otherwise. */
export const requestsPerSecondDefault = 60
/** Per confidential client, or per public client and grant, when no plan says otherwise. */
export const tokenRequestsPerMinuteDefault = 10
/** Wrong passwords for one account from one address; right ones are not counted. */
export const failedSignInsPerMinute = 10
/** Wrong passwords from one address, whatever the account. */
export const failedSignInsPerAddressPerMinute = 20
/** Failed client authentications from one address, for one of 64 groups that the names of clients fall into. */
export const failedClientAuthenticationsPerMinute = 20
/** Anonymous registrations from one address, and changes that clients make to their own. */
export const registrationsPerMinute = 20
/** Revocations by one client from one address. It cannot fill an isolate's memory with them while its tokens live. */
export const revocationsPerMinute = 600
/** A plan may raise a limit to this and no further: the log of one window is held in memory. */
export const limitMax = 100_000
/** What a limiter object knows of its subject (alive, plan, scopes) is asked again behind an answer after this long… */
export const subjectRefreshMs = 1_000
/** …and nothing older than this is used while D1 answers. */
export const subjectAgeMaxMs = 2_000
/** While D1 does not answer, what is known of a subject holds for this long; so does a revoked key, at worst. */
export const subjectStaleMaxMs = 30_000
/** After a failed read of a subject, the next one waits this long: a failing database is not asked by every request. */
export const subjectRetryMs = 1_000
/** Everybody who asks about a subject waits while its record is read, so that must not take longer. */
export const subjectReadTimeoutMs = 2_000
/** Shorter windows are over before an idle object is evicted; the log of longer ones is written down. */
export const persistedWindowMsMin = 10_000
/** One part of the name of a limiter object; a longer one is replaced by its digest. */
export const subjectPartCharactersMax = 64

/** A logout token is for now; the specification recommends two minutes at most. */
export const logoutTokenTtlSeconds = 2 * MINUTE_SECONDS
/** A client that does not answer a logout token in time is told again later. */
export const logoutDeliveryTimeoutMs = 5_000
export const logoutRetryMinSeconds = MINUTE_SECONDS
export const logoutRetryMaxSeconds = HOUR_SECONDS
/** With an hour between the last ones, a client may be down for half a day, as long as its session lasts here. */
export const logoutTriesMax = 16
/** Logout tokens that one run of the schedule sends. */
export const logoutNoticesSentMax = 40
/** Clients that are told through frames of one page; the browser loads all of them at once. */
export const logoutFramesMax = 20
/** A person waits this long on the page that tells the clients of a session through frames. */
export const logoutFramesWaitSeconds = 3

/** Other OpenID providers that people may sign in through; each is a button on the sign-in page. */
export const providersMax = 20
/** A person who went to another provider to sign in comes back within this, or begins again. */
export const pendingLoginTtlSeconds = 10 * MINUTE_SECONDS
/** Logins that one address begins at other providers; each leaves a row until it expires. */
export const providerLoginsPerMinute = 20
/** A person waits for each exchange with another provider. */
export const providerTimeoutMs = 5_000
/** OpenID Connect Core §2: a subject has at most 255 characters. */
export const providerSubCharactersMax = 255

/** One page of a list. */
export const pageItemsMax = 100

/** An object that holds grants sweeps what has expired at most this often. */
export const sweepPauseSeconds = HOUR_SECONDS
/** A revocation that D1 did not take is sent again after this long, then twice as long, and so on up to the second. */
export const revocationRetryMinSeconds = 1
export const revocationRetryMaxSeconds = 5 * MINUTE_SECONDS
/** Revocations that one wake-up of an object sends. */
export const revocationsSentMax = 50
/** Revoked grants and tokens that an isolate remembers, about 100 bytes each. At the bound it judges no token of ours. */
export const revocationsMax = 100_000
/** Revocations in one answer of D1, about half a megabyte. Further ones are asked for until there are none. */
export const revocationsPageMax = 5_000
