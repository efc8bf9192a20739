import type { creationOptions, requestOptions } from '../../../src/accounts/passkey.ts'
import { assert } from '../../../src/platform/assert.ts'
import { sha256Bytes } from '../../../src/platform/digest.ts'
import { base64url, utf8 } from '../../../src/platform/encoding.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import type { Page } from './browser.ts'

type Creation = ReturnType<typeof creationOptions>
type Request = ReturnType<typeof requestOptions>

/** What an authenticator and its browser would say otherwise than they should. */
export interface Deviation {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly counter?: number
  readonly userHandle?: string
  /** Flags of authenticator data: user present 1, user verified 4, attested credential data 64. */
  readonly flags?: number
  readonly type?: string
  readonly crossOrigin?: boolean
  readonly fmt?: string
}

const PRESENT_AND_VERIFIED = 0b101
const WITH_CREDENTIAL = 0b100_0000

/** A passkey in software, together with the browser that speaks for it (Web Authentication Level 3 §6). */
export class SoftPasskey {
  readonly credential_id = base64url(systemRandom(16))
  readonly #pair: CryptoKeyPair
  readonly #origin: string
  #counter = 0
  #userHandle = ''

  private constructor(pair: CryptoKeyPair, origin: string) {
    this.#pair = pair
    this.#origin = origin
  }

  static async make(origin = 'http://localhost:8787'): Promise<SoftPasskey> {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])
    assert('privateKey' in pair, 'ECDSA keys come in pairs')
    return new SoftPasskey(pair, origin)
  }

  /** Answers the options of a page that makes passkeys. */
  async create(page: Pick<Page, 'html'>, deviation: Deviation = {}): Promise<string> {
    const options: Creation = JSON.parse(optionsOf(page))
    this.#userHandle = options.user.id
    const id = new Uint8Array(bytesOf(this.credential_id))
    const flags = deviation.flags ?? PRESENT_AND_VERIFIED | WITH_CREDENTIAL
    const authData = concat(
      this.#authenticatorData(deviation.rpId ?? options.rp.id, flags, deviation.counter ?? 0),
      new Uint8Array(16),
      new Uint8Array([id.length >> 8, id.length & 0xff]),
      id,
      await this.#coseKey(),
    )
    const clientDataJSON = this.#clientData('webauthn.create', options.challenge, deviation)
    const attestationObject = base64url(
      concat(
        new Uint8Array([0xa3]),
        cborText('fmt'),
        cborText(deviation.fmt ?? 'none'),
        cborText('attStmt'),
        new Uint8Array([0xa0]),
        cborText('authData'),
        cborBytes(authData),
      ),
    )
    return JSON.stringify({
      id: this.credential_id,
      rawId: this.credential_id,
      type: 'public-key',
      response: { clientDataJSON, attestationObject, transports: ['internal'] },
      clientExtensionResults: {},
    })
  }

  /** Answers the options of a page that asks for a passkey. */
  async get(page: Pick<Page, 'html'>, deviation: Deviation = {}): Promise<string> {
    const options: Request = JSON.parse(optionsOf(page))
    this.#counter = deviation.counter ?? this.#counter + 1
    const flags = deviation.flags ?? PRESENT_AND_VERIFIED
    const authenticatorData = this.#authenticatorData(deviation.rpId ?? options.rpId, flags, this.#counter)
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, deviation)
    const signed = concat(authenticatorData, sha256Bytes(bytesOf(clientDataJSON)))
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    const signature = await crypto.subtle.sign(algorithm, this.#pair.privateKey, signed)
    return JSON.stringify({
      id: this.credential_id,
      rawId: this.credential_id,
      type: 'public-key',
      response: {
        clientDataJSON,
        authenticatorData: base64url(authenticatorData),
        signature: base64url(toDer(new Uint8Array(signature))),
        userHandle: deviation.userHandle ?? this.#userHandle,
      },
      clientExtensionResults: {},
    })
  }

  #clientData(type: string, challenge: string, deviation: Deviation): string {
    const data = {
      type: deviation.type ?? type,
      challenge: deviation.challenge ?? challenge,
      origin: deviation.origin ?? this.#origin,
      crossOrigin: deviation.crossOrigin ?? false,
    }
    return base64url(utf8(JSON.stringify(data)))
  }

  #authenticatorData(rpId: string, flags: number, counter: number): Uint8Array {
    const tail = new DataView(new ArrayBuffer(5))
    tail.setUint8(0, flags)
    tail.setUint32(1, counter)
    return concat(sha256Bytes(utf8(rpId)), new Uint8Array(tail.buffer))
  }

  /** EC2, ES256, P-256, x, y (RFC 9053 §7.1). */
  async #coseKey(): Promise<Uint8Array> {
    const { x = '', y = '' } = await exportJwk(this.#pair.publicKey)
    return concat(
      new Uint8Array([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      cborBytes(bytesOf(x)),
      new Uint8Array([0x22]),
      cborBytes(bytesOf(y)),
    )
  }
}

/** What a page tells the script to ask the browser for. */
export function optionsOf({ html }: Pick<Page, 'html'>): string {
  const [, options = ''] = / data-options="([^"]*)"/.exec(html) ?? []
  assert(options !== '', 'the page asks for a passkey')
  return options.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}

async function exportJwk(key: CryptoKey): Promise<JsonWebKey> {
  const jwk = await crypto.subtle.exportKey('jwk', key)
  assert(!(jwk instanceof ArrayBuffer), 'a key exported as JWK is an object')
  return jwk
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  )
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Short texts, and byte strings of 24 bytes to 64 KiB, in their shortest form (RFC 8949 §3, §4.2.1). */
function cborText(text: string): Uint8Array {
  return concat(new Uint8Array([0x60 | text.length]), utf8(text))
}

function cborBytes(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  const head = length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff]
  return concat(new Uint8Array(head), bytes)
}

/** WebCrypto's r and s one after the other, as the sequence of two integers that authenticators send. */
function toDer(signature: Uint8Array): Uint8Array {
  const integers = [signature.slice(0, 32), signature.slice(32)].map((value) => {
    const first = value.findIndex((byte) => byte !== 0)
    const trimmed = value.slice(first)
    const padded = (trimmed[0] ?? 0) >= 0x80 ? concat(new Uint8Array([0]), trimmed) : trimmed
    return concat(new Uint8Array([0x02, padded.length]), padded)
  })
  const body = concat(...integers)
  return concat(new Uint8Array([0x30, body.length]), body)
}
