import { acceptsCoding } from './content-coding.ts'
import { hopByHop } from './hop-by-hop.ts'
import { isOwn } from './own-cookie.ts'

/**
 * Headers that an upstream may not send in our name.
 *
 * Which pages may read a route is said by its publisher. The others act on a whole origin, and the origin is ours: the
 * sign-in page is on it. `NEL` with `Report-To` would tell an upstream the URLs of other people's requests.
 */
const NOT_THEIRS: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-allow-private-network',
  'access-control-expose-headers',
  'access-control-max-age',
  'accept-ch',
  'alt-svc',
  'clear-site-data',
  'nel',
  'origin-agent-cluster',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-login',
  'strict-transport-security',
  'x-request-id',
])

const OWN_ORIGIN = 'sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts'

const STATUS_MIN = 200
const STATUS_MAX = 599
/** Content codings that the runtime decodes by itself. */
const UNDOABLE: ReadonlySet<string> = new Set(['br', 'gzip'])
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * The upstream's answer as the caller gets it, with its body still streaming; undefined for a status that cannot be
 * passed on.
 *
 * The platform asks for compression in its own name, here and at upstreams. A coding that the caller did not ask for
 * is undone: without its header the runtime decodes the body as it passes.
 */
export async function forwardedResponse(
  answer: Response,
  acceptEncoding: string,
): Promise<Response | undefined> {
  if (answer.status < STATUS_MIN || answer.status > STATUS_MAX) {
    await answer.body?.cancel()
    return undefined
  }
  const response = new Response(WITHOUT_BODY.has(answer.status) ? null : answer.body, answer)
  const dropped = hopByHop(answer.headers)
  for (const name of answer.headers.keys()) {
    if (dropped.has(name) || NOT_THEIRS.has(name)) response.headers.delete(name)
  }
  undoCoding(response.headers, acceptEncoding)
  dropOwnCookies(response.headers)
  isolate(response.headers)
  return response
}

/**
 * Gives a page of an upstream an origin of its own.
 *
 * It comes from the origin of the sign-in and consent pages. A script in it, which may be what somebody uploaded there,
 * could otherwise read our forms and send them in the name of whoever is signed in. JSON is never run, since it may not
 * be taken for anything else.
 */
function isolate(headers: Headers): void {
  headers.set('x-content-type-options', 'nosniff')
  const type = headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) headers.append('content-security-policy', OWN_ORIGIN)
}

/** Any other coding passes as it is: the runtime would not decode it, and without its header nobody could. */
function undoCoding(headers: Headers, acceptEncoding: string): void {
  const coding = headers.get('content-encoding')?.toLowerCase()
  if (coding === undefined || !UNDOABLE.has(coding) || acceptsCoding(acceptEncoding, coding)) return
  headers.delete('content-encoding')
  headers.delete('content-length')
}

function dropOwnCookies(headers: Headers): void {
  const cookies = headers.getSetCookie()
  if (!cookies.some(isOwn)) return
  headers.delete('set-cookie')
  for (const cookie of cookies) {
    if (!isOwn(cookie)) headers.append('set-cookie', cookie)
  }
}
