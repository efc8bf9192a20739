import { fail, ok, type Result } from '../platform/result.ts'

export type BodyFault = { readonly reason: 'body_too_large' } | { readonly reason: 'body_unexpected' }

/** Why a body stopped on its way, when some of it is with the upstream already. */
export type BodyCut = 'body_too_large' | 'body_incomplete'

/**
 * The body to send on, never more of it than the bound.
 *
 * Where its length was announced, the bound is checked here and the runtime holds the caller to what it announced.
 * Otherwise bytes are counted as they pass. `onCut` is called when they are too many, and when the caller breaks off:
 * the upstream must be cut off so that it does not take a part for the whole.
 *
 * A body on GET or HEAD means nothing (RFC 9110 §9.3.1), and programs that disagree on whether it is there read the
 * rest of the connection differently.
 */
export function boundedBody(
  request: Request,
  bytesMax: number,
  onCut: (cut: BodyCut) => void,
): Result<ReadableStream | null, BodyFault> {
  const { method, body } = request
  const announced = request.headers.get('content-length')
  if (method === 'GET' || method === 'HEAD') {
    return body === null || announced === '0' ? ok(null) : fail({ reason: 'body_unexpected' })
  }
  if (announced !== null && Number(announced) > bytesMax) return fail({ reason: 'body_too_large' })
  if (body === null) return ok(null)
  const passage =
    announced === null
      ? countingStream(bytesMax, () => onCut('body_too_large'))
      : new FixedLengthStream(Number(announced))
  void passOn(body, passage.writable, () => onCut('body_incomplete'))
  return ok(passage.readable)
}

/**
 * Passes a body on and tells when it breaks off.
 *
 * Handed over as it is, a broken body makes the request to the upstream fail with the words of a lost connection, and
 * the upstream is blamed for what any caller can send. So neither side's end is passed on as the other's: the far end
 * has its own failure, and of the near one `cancel` knows, which a stream refuses once it has failed.
 */
async function passOn(
  body: ReadableStream,
  onward: WritableStream<Uint8Array>,
  onBroken: () => void,
): Promise<void> {
  try {
    await body.pipeTo(onward, { preventAbort: true, preventCancel: true })
  } catch {
    await body.cancel().catch(onBroken)
  }
}

function countingStream(bytesMax: number, onExcess: () => void): TransformStream<Uint8Array, Uint8Array> {
  let byteCount = 0
  return new TransformStream({
    transform(chunk, controller) {
      byteCount += chunk.byteLength
      if (byteCount <= bytesMax) {
        controller.enqueue(chunk)
        return
      }
      onExcess()
      controller.error(new Error('the body is over its bound'))
    },
  })
}
