import type { AuthorizationCode, HeldCode } from './authorization-code.ts'
import type { HeldConnections } from './connection.ts'
import { resourceKey, type Consent } from './consent.ts'
import type { Change, StoredGrant } from './decision.ts'
import type { DeviceCode, HeldDeviceCode } from './device-code.ts'
import type { Grant } from './grant.ts'
import { integer, integerOrNull, text, textList, textOrNull, type Row } from './ledger-row.ts'
import type { HeldRefreshToken, RefreshToken } from './refresh-rotation.ts'
import { formatScope, readScope } from './scope.ts'
import type { Participant } from './session-ending.ts'

/** The SQLite of one object, as the platform offers it: a statement is over when its call returns. */
export interface LedgerStorage {
  readonly sql: Sql
  transactionSync<T>(closure: () => T): T
}

interface Sql {
  exec(query: string, ...bindings: (string | number | null)[]): { toArray(): Row[] }
}

export function findGrant(sql: Sql, grant_id: string): StoredGrant | undefined {
  const row = sql.exec('SELECT * FROM grants WHERE grant_id = ?', grant_id).toArray()[0]
  return row === undefined ? undefined : toStoredGrant(row)
}

export function holdCode(sql: Sql, digest: string): HeldCode | undefined {
  const row = sql.exec('SELECT * FROM codes WHERE digest = ?', digest).toArray()[0]
  const stored = row === undefined ? undefined : findGrant(sql, text(row, 'grant_id'))
  if (row === undefined || stored === undefined) return undefined
  return { code: toCode(row, stored.grant), stored }
}

export function holdDeviceCode(sql: Sql, digest: string): HeldDeviceCode | undefined {
  const row = sql.exec('SELECT * FROM device_codes WHERE digest = ?', digest).toArray()[0]
  const stored = row === undefined ? undefined : findGrant(sql, text(row, 'grant_id'))
  if (row === undefined || stored === undefined) return undefined
  return { code: toDeviceCode(row, stored.grant), stored }
}

export function holdRefreshToken(sql: Sql, digest: string): HeldRefreshToken | undefined {
  const query = 'SELECT * FROM refresh_tokens WHERE digest = ?'
  const row = sql.exec(query, digest).toArray()[0]
  const stored = row === undefined ? undefined : findGrant(sql, text(row, 'grant_id'))
  if (row === undefined || stored === undefined) return undefined
  const token = toRefreshToken(row, stored.grant)
  const next = token.successor === null ? undefined : sql.exec(query, token.successor.digest).toArray()[0]
  return { token, stored, successor: next === undefined ? undefined : toRefreshToken(next, stored.grant) }
}

export function findConsent(sql: Sql, client_id: string, resource: readonly string[]): Consent | undefined {
  const query = 'SELECT * FROM consents WHERE client_id = ? AND resource = ?'
  const row = sql.exec(query, client_id, resourceKey(resource)).toArray()[0]
  return row === undefined ? undefined : toConsent(row)
}

export function holdSession(sql: Sql, sid: string) {
  const grants = sql.exec('SELECT * FROM grants WHERE sid = ?', sid).toArray().map(toStoredGrant)
  const participants = sql.exec('SELECT * FROM participants WHERE sid = ?', sid).toArray().map(toParticipant)
  return { grants, participants }
}

/** What clients were given, all of them or one. */
export function holdConnections(sql: Sql, client_id: string | null): HeldConnections {
  const rowsOf = (table: 'grants' | 'consents') =>
    sql.exec(`SELECT * FROM ${table} WHERE ?1 IS NULL OR client_id = ?1`, client_id).toArray()
  return { grants: rowsOf('grants').map(toStoredGrant), consents: rowsOf('consents').map(toConsent) }
}

/** Writes one row. Of a row that is there already, only what may change is replaced. */
export function write(sql: Sql, change: Change, now: number): void {
  switch (change.table) {
    case 'grants':
      return writeGrant(sql, change.row)
    case 'codes':
      return writeCode(sql, change.row)
    case 'device_codes':
      return writeDeviceCode(sql, change.row)
    case 'refresh_tokens':
      return writeRefreshToken(sql, change.row)
    case 'consents':
      return writeConsent(sql, change.row)
    case 'forgotten_consents': {
      const query = 'DELETE FROM consents WHERE client_id = ? AND resource = ?'
      sql.exec(query, change.row.client_id, resourceKey(change.row.resource))
      return
    }
    case 'participants':
      return writeParticipant(sql, change.row)
    case 'unsent_revocations': {
      const query = 'INSERT INTO unsent_revocations (grant_id, expires_at, tries, due_at) VALUES (?, ?, 0, ?)'
      sql.exec(query, change.row.grant_id, change.row.expires_at, now)
      return
    }
  }
}

function writeGrant(sql: Sql, { grant, ended_at }: StoredGrant): void {
  sql.exec(
    `INSERT INTO grants (grant_id, client_id, account_id, sub, sid, scope, nonce, auth_time, amr, resource,
       claims, created_at, expires_at, ended_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (grant_id) DO UPDATE SET expires_at = excluded.expires_at, ended_at = excluded.ended_at`,
    grant.grant_id,
    grant.client_id,
    grant.account_id,
    grant.sub,
    grant.sid,
    grant.scope,
    grant.nonce,
    grant.auth_time,
    JSON.stringify(grant.amr),
    JSON.stringify(grant.resource),
    grant.claims,
    grant.created_at,
    grant.expires_at,
    ended_at,
  )
}

function writeCode(sql: Sql, code: AuthorizationCode): void {
  sql.exec(
    `INSERT INTO codes (digest, grant_id, redirect_uri, code_challenge, dpop_jkt, issued_at, expires_at, spent_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET spent_at = excluded.spent_at`,
    code.digest,
    code.grant_id,
    code.bound.redirect_uri,
    code.bound.code_challenge,
    code.bound.dpop_jkt,
    code.issued_at,
    code.expires_at,
    code.spent_at,
  )
}

function writeDeviceCode(sql: Sql, code: DeviceCode): void {
  sql.exec(
    `INSERT INTO device_codes (digest, grant_id, dpop_jkt, issued_at, expires_at, spent_at)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET spent_at = excluded.spent_at`,
    code.digest,
    code.grant_id,
    code.bound.dpop_jkt,
    code.issued_at,
    code.expires_at,
    code.spent_at,
  )
}

function writeRefreshToken(sql: Sql, token: RefreshToken): void {
  sql.exec(
    `INSERT INTO refresh_tokens (digest, grant_id, dpop_jkt, issued_at, expires_at, spent_at, rotations,
       successor_digest, successor_sealed)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at, spent_at = excluded.spent_at,
       successor_digest = excluded.successor_digest, successor_sealed = excluded.successor_sealed`,
    token.digest,
    token.grant_id,
    token.bound.dpop_jkt,
    token.issued_at,
    token.expires_at,
    token.spent_at,
    token.rotations,
    token.successor?.digest ?? null,
    token.successor?.sealed ?? null,
  )
}

function writeConsent(sql: Sql, consent: Consent): void {
  sql.exec(
    `INSERT INTO consents (client_id, resource, scope, given_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (client_id, resource) DO UPDATE SET scope = excluded.scope, given_at = excluded.given_at`,
    consent.client_id,
    resourceKey(consent.resource),
    formatScope(consent.scope),
    consent.given_at,
  )
}

function writeParticipant(sql: Sql, { sid, client_id, sub, expires_at }: Participant): void {
  sql.exec(
    `INSERT INTO participants (sid, client_id, sub, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (sid, client_id) DO NOTHING`,
    sid,
    client_id,
    sub,
    expires_at,
  )
}

function toStoredGrant(row: Row): StoredGrant {
  const grant = {
    grant_id: text(row, 'grant_id'),
    client_id: text(row, 'client_id'),
    account_id: text(row, 'account_id'),
    sub: text(row, 'sub'),
    sid: text(row, 'sid'),
    scope: text(row, 'scope'),
    nonce: textOrNull(row, 'nonce'),
    auth_time: integer(row, 'auth_time'),
    amr: textList(row, 'amr'),
    resource: textList(row, 'resource'),
    claims: textOrNull(row, 'claims'),
    created_at: integer(row, 'created_at'),
    expires_at: integer(row, 'expires_at'),
  }
  return { grant, ended_at: integerOrNull(row, 'ended_at') }
}

/** The client of a code or token is that of its grant, and so is stored once. */
function toCode(row: Row, { client_id }: Grant): AuthorizationCode {
  return {
    digest: text(row, 'digest'),
    kind: 'code',
    grant_id: text(row, 'grant_id'),
    bound: {
      client_id,
      redirect_uri: text(row, 'redirect_uri'),
      code_challenge: textOrNull(row, 'code_challenge'),
      dpop_jkt: textOrNull(row, 'dpop_jkt'),
    },
    issued_at: integer(row, 'issued_at'),
    expires_at: integer(row, 'expires_at'),
    spent_at: integerOrNull(row, 'spent_at'),
  }
}

function toDeviceCode(row: Row, { client_id }: Grant): DeviceCode {
  return {
    digest: text(row, 'digest'),
    kind: 'device_code',
    grant_id: text(row, 'grant_id'),
    bound: { client_id, redirect_uri: null, code_challenge: null, dpop_jkt: textOrNull(row, 'dpop_jkt') },
    issued_at: integer(row, 'issued_at'),
    expires_at: integer(row, 'expires_at'),
    spent_at: integerOrNull(row, 'spent_at'),
  }
}

function toRefreshToken(row: Row, { client_id }: Grant): RefreshToken {
  const digest = textOrNull(row, 'successor_digest')
  const sealed = textOrNull(row, 'successor_sealed')
  return {
    digest: text(row, 'digest'),
    kind: 'refresh_token',
    grant_id: text(row, 'grant_id'),
    bound: { client_id, redirect_uri: null, code_challenge: null, dpop_jkt: textOrNull(row, 'dpop_jkt') },
    issued_at: integer(row, 'issued_at'),
    expires_at: integer(row, 'expires_at'),
    spent_at: integerOrNull(row, 'spent_at'),
    rotations: integer(row, 'rotations'),
    successor: digest === null || sealed === null ? null : { digest, sealed },
  }
}

function toParticipant(row: Row): Participant {
  return {
    sid: text(row, 'sid'),
    client_id: text(row, 'client_id'),
    sub: text(row, 'sub'),
    expires_at: integer(row, 'expires_at'),
  }
}

function toConsent(row: Row): Consent {
  return {
    client_id: text(row, 'client_id'),
    resource: textList(row, 'resource'),
    scope: readScope(text(row, 'scope')),
    given_at: integer(row, 'given_at'),
  }
}
