import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters } from 'jose'

type Claims = Readonly<Record<string, unknown>>

/** Somebody who holds a key and makes proofs of it, right ones and whatever a test makes of them. */
export async function newHolder(alg = 'ES256', modulusLength = 2048) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, modulusLength })
  const jwk = await exportJWK(publicKey)
  return {
    jwk,
    privateJwk: await exportJWK(privateKey),
    jkt: await calculateJwkThumbprint(jwk),

    /** A proof that was made now, for a request and with a nonce that the test names. */
    prove(claims: Claims, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
      return new SignJWT({ jti: crypto.randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims })
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header })
        .sign(privateKey)
    },
  }
}

export type Holder = Awaited<ReturnType<typeof newHolder>>
