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

/** Whether an error says that an object could not be reached or was too busy, and not that something in it went wrong. */
export function isObjectOutage(error: unknown): boolean {
  return isOverloaded(error) || wasCutOff(error)
}

function isRetryable(error: unknown): boolean {
  return wasCutOff(error) && !isOverloaded(error)
}

function isOverloaded(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'overloaded' in error && error.overloaded === true
}

function wasCutOff(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true
}
