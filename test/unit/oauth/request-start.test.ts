import { describe, expect, test } from 'vitest'

import {
  hasSignedInSince,
  readRequestStart,
  stampRequest,
} from '../../../src/oauth/authorize/request-start.ts'
import { reauthenticationSeconds } from '../../../src/platform/bounds.ts'

const key = new Uint8Array(32).fill(7)
const otherKey = new Uint8Array(32).fill(8)
const now = 1_795_000_000
const nowMs = now * 1000
const parameters = { client_id: 'app', prompt: 'login', state: 's' }

function stamped(sid?: string) {
  return { ...parameters, requested_at: stampRequest(parameters, sid, key, nowMs) }
}

function startUnder(sid?: string) {
  const start = readRequestStart(stamped(sid), key, nowMs)
  expect(start?.requested_at).toBe(now)
  return start ?? { requested_at: 0, sessionMark: '' }
}

describe('the start of an authorization request', () => {
  test('is read back from the parameter, in whatever order the others come', () => {
    const { client_id, prompt, state, requested_at } = stamped('sid-1')
    expect(readRequestStart({ requested_at, state, prompt, client_id }, key, nowMs)).toMatchObject({
      requested_at: now,
    })
  })

  test('does not name the session that there was', () => {
    expect(stamped('sid-1').requested_at).not.toContain('sid-1')
  })

  test('is not believed under another key', () => {
    expect(readRequestStart(stamped('sid-1'), otherKey, nowMs)).toBeUndefined()
  })

  /** Whoever wants to skip a sign-in moves the instant back. */
  test('is not believed when any part of it was altered', () => {
    const [, mark, mac] = stamped('sid-1').requested_at.split('.')
    for (const forged of [
      `${now - 1}.${mark}.${mac}`,
      `${now}.${'A'.repeat(22)}.${mac}`,
      `${now}.${mark}.`,
      '',
    ]) {
      expect(readRequestStart({ ...parameters, requested_at: forged }, key, nowMs)).toBeUndefined()
    }
  })

  test('is not believed in another request than the one it was made for', () => {
    const { requested_at } = stamped('sid-1')
    expect(readRequestStart({ ...parameters, client_id: 'other', requested_at }, key, nowMs)).toBeUndefined()
    expect(readRequestStart({ ...parameters, nonce: 'n', requested_at }, key, nowMs)).toBeUndefined()
    expect(readRequestStart({ client_id: 'app', prompt: 'login', requested_at }, key, nowMs)).toBeUndefined()
  })

  test('is too old after its bound, so that a link from the history asks for a sign-in again', () => {
    const parametersThen = stamped('sid-1')
    const lastMs = nowMs + reauthenticationSeconds * 1000
    expect(readRequestStart(parametersThen, key, lastMs)).toMatchObject({ requested_at: now })
    expect(readRequestStart(parametersThen, key, lastMs + 1000)).toBeUndefined()
  })
})

describe('a sign-in since the start', () => {
  test('is a session with another sid, even within the same second', () => {
    expect(hasSignedInSince(startUnder('sid-1'), { sid: 'sid-2', auth_time: now }, key)).toBe(true)
    expect(hasSignedInSince(startUnder('sid-1'), { sid: 'sid-1', auth_time: now }, key)).toBe(false)
  })

  test('is any session that began later, when there was none', () => {
    expect(hasSignedInSince(startUnder(), { sid: 'sid-1', auth_time: now }, key)).toBe(true)
  })

  /** Without its cookies a browser gets a start that names no session; the old session must not pass for a new one. */
  test('is not a session that was there before, however the start was come by', () => {
    expect(hasSignedInSince(startUnder(), { sid: 'sid-1', auth_time: now - 1 }, key)).toBe(false)
  })
})
