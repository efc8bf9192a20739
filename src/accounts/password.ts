import { Buffer } from 'node:buffer'
import { scrypt, timingSafeEqual } from 'node:crypto'

import { assert } from '../platform/assert.ts'
import { passwordCharactersMax } from '../platform/bounds.ts'
import type { Random } from '../platform/random.ts'
import type { Secret } from '../platform/secret.ts'

/** 2^14 · r 8 · p 5 is listed by OWASP, takes 16 MiB, and costs some 130 ms of CPU in a Worker. */
const COST_LOG2 = 14
const BLOCK_SIZE = 8
const PARALLELISM = 5
const SALT_BYTES = 16
const HASH_BYTES = 32
const MEMORY_BYTES_MAX = 64 * 1024 * 1024

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/

interface Hashing {
  readonly costLog2: number
  readonly blockSize: number
  readonly parallelism: number
  readonly salt: Uint8Array
}

/** Hashed instead of a stored password when there is no such person, at the same cost. Nothing compares equal to it. */
const NOBODY: Hashing = {
  costLog2: COST_LOG2,
  blockSize: BLOCK_SIZE,
  parallelism: PARALLELISM,
  salt: new Uint8Array(SALT_BYTES),
}

/** Hashes a password into a PHC string, which carries its own parameters so that they can be raised later. */
export async function hashPassword(password: Secret, random: Random): Promise<string> {
  const salt = random(SALT_BYTES)
  const hash = await derive(password, { ...NOBODY, salt })
  return `$scrypt$ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLELISM}$${base64(salt)}$${base64(hash)}`
}

/**
 * Tells whether a password is the one that was hashed.
 *
 * Without a stored hash the same work is done and the answer is no: an answer that came sooner for unknown people
 * would list who has an account.
 */
export async function verifyPassword(password: Secret, phc: string | undefined): Promise<boolean> {
  const stored = phc === undefined ? { hashing: NOBODY, hash: Buffer.alloc(HASH_BYTES) } : readPhc(phc)
  const hash = await derive(password, stored.hashing)
  const isEqual = timingSafeEqual(hash, stored.hash)
  return isEqual && phc !== undefined
}

/** Whether a hash was made at another cost than today's, and should be made anew while the password is at hand. */
export function isOutdated(phc: string): boolean {
  const { costLog2, blockSize, parallelism } = readPhc(phc).hashing
  return costLog2 !== COST_LOG2 || blockSize !== BLOCK_SIZE || parallelism !== PARALLELISM
}

function readPhc(phc: string): { readonly hashing: Hashing; readonly hash: Buffer } {
  const [, costLog2, blockSize, parallelism, salt, hash] = PHC.exec(phc) ?? []
  assert(salt !== undefined && hash !== undefined, 'a stored password is an scrypt PHC string')
  const hashing = {
    costLog2: Number(costLog2),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
  }
  return { hashing, hash: Buffer.from(hash, 'base64') }
}

/** The same characters typed on another system may arrive in another form, so they are composed first (RFC 8265 §4.2). */
function derive(password: Secret, hashing: Hashing): Promise<Buffer> {
  const text = password.reveal()
  assert(text.length <= passwordCharactersMax, `a password within its bound, got ${text.length} characters`)
  const options = {
    N: 2 ** hashing.costLog2,
    r: hashing.blockSize,
    p: hashing.parallelism,
    maxmem: MEMORY_BYTES_MAX,
  }
  return new Promise((resolve, reject) => {
    scrypt(text.normalize('NFC'), hashing.salt, HASH_BYTES, options, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    )
  })
}

/** Base64 without padding, as the PHC format has it. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}
