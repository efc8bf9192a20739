/** Step 1: a verifier that only this tab knows, and the challenge that proves it later (RFC 7636 §4). */
export async function makeChallenge() {
  const verifier = randomText(32)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return { verifier, challenge: base64url(new Uint8Array(digest)) }
}

export function randomText(byteCount) {
  return base64url(crypto.getRandomValues(new Uint8Array(byteCount)))
}

function base64url(bytes) {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
