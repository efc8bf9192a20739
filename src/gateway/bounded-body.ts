import { fail, ok, type Result } from '../platform/result.ts'

export type BodyFault = { readonly reason: 'body_too_large' } | { readonly reason: 'body_unexpected' }

/**
 * The body to send on, never more of it than the bound.
 *
 * Where its length was announced, the bound is checked here and the runtime holds the caller to what it announced, so
 * the stream passes through untouched. Otherwise bytes are counted as they pass, and `onExcess` is called when they
 * are too many, by which time some are with the upstream: it must be cut off so that it does not take a part for the
 * whole.
 *
 * A body on GET or HEAD means nothing (RFC 9110 §9.3.1), and programs that disagree on whether it is there read the
 * rest of the connection differently.
 */
export function boundedBody(
  request: Request,
  bytesMax: number,
  onExcess: () => void,
): Result<ReadableStream | null, BodyFault> {
  const { method, body } = request
  const announced = request.headers.get('content-length')
  if (method === 'GET' || method === 'HEAD') {
    return body === null || announced === '0' ? ok(null) : fail({ reason: 'body_unexpected' })
  }
  if (announced !== null) return Number(announced) > bytesMax ? fail({ reason: 'body_too_large' }) : ok(body)
  return ok(body === null ? null : body.pipeThrough(countingStream(bytesMax, onExcess)))
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
