const OBJECT_CALL_TRIES_MAX = 3

/**
 * Calls a Durable Object and tries again when its call was cut off, at most three times.
 *
 * A deployment or a move resets objects and throws in whoever was calling. Only a call that may be made twice
 * belongs here, `call` takes a new stub each time because the old one stays broken, and an overloaded object
 * is left alone: retrying would be what keeps it overloaded.
 */
export async function callObject<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      if (tries >= OBJECT_CALL_TRIES_MAX || !isRetryable(error)) throw error
    }
  }
}

function isRetryable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const isOverloaded = 'overloaded' in error && error.overloaded === true
  return !isOverloaded && 'retryable' in error && error.retryable === true
}
