import { assert } from '../platform/assert.ts'
import type { DeviceAuthorization } from './device-authorization.ts'
import { integer, integerOrNull, text, textList, textOrNull, type Row } from './ledger-row.ts'
import type { LedgerStorage } from './ledger-tables.ts'
import { presentedBy, type UseCommand, type UsedId } from './one-time-use.ts'
import type { PushedRequest } from './pushed-request.ts'

/** One row to write, all of a decision or nothing of it. */
export type OneTimeChange =
  | { readonly table: 'used_ids'; readonly row: UsedId }
  | { readonly table: 'pushed_requests'; readonly row: PushedRequest }
  | { readonly table: 'device_authorizations'; readonly row: DeviceAuthorization }

type Sql = LedgerStorage['sql']

/** Kind and owner are part of the digest, so a row that is found is theirs. */
export function holdUsedId(sql: Sql, command: UseCommand): UsedId | undefined {
  const row = sql.exec('SELECT * FROM used_ids WHERE digest = ?', command.digest).toArray()[0]
  if (row === undefined) return undefined
  const { client_id, dpop_jkt } = presentedBy(command)
  const spent_at = integer(row, 'spent_at')
  return {
    digest: command.digest,
    kind: command.kind,
    bound: { client_id, redirect_uri: null, code_challenge: null, dpop_jkt },
    issued_at: spent_at,
    expires_at: integer(row, 'expires_at'),
    spent_at,
    spent_by: text(row, 'spent_by'),
  }
}

export function holdPushedRequest(sql: Sql, digest: string): PushedRequest | undefined {
  const row = sql.exec('SELECT * FROM pushed_requests WHERE digest = ?', digest).toArray()[0]
  if (row === undefined) return undefined
  return {
    digest,
    kind: 'pushed_request',
    bound: boundTo(row),
    parameters: textRecord(row, 'parameters'),
    dpop_jkt: textOrNull(row, 'dpop_jkt'),
    issued_at: integer(row, 'issued_at'),
    expires_at: integer(row, 'expires_at'),
    opened_at: integerOrNull(row, 'opened_at'),
    spent_at: integerOrNull(row, 'spent_at'),
    spent_by: textOrNull(row, 'spent_by'),
  }
}

/** By its user code's MAC, or by its device code's digest. */
export function holdDevice(
  sql: Sql,
  column: 'digest' | 'device_digest',
  value: string,
): DeviceAuthorization | undefined {
  const row = sql.exec(`SELECT * FROM device_authorizations WHERE ${column} = ?`, value).toArray()[0]
  return row === undefined ? undefined : toDevice(row)
}

export function writeOneTime(sql: Sql, change: OneTimeChange): void {
  switch (change.table) {
    case 'used_ids': {
      const { digest, spent_by, spent_at, expires_at } = change.row
      const query = 'INSERT INTO used_ids (digest, spent_by, spent_at, expires_at) VALUES (?, ?, ?, ?)'
      sql.exec(query, digest, spent_by, spent_at, expires_at)
      return
    }
    case 'pushed_requests':
      return writePushedRequest(sql, change.row)
    case 'device_authorizations':
      return writeDevice(sql, change.row)
  }
}

function writePushedRequest(sql: Sql, request: PushedRequest): void {
  sql.exec(
    `INSERT INTO pushed_requests (digest, client_id, parameters, dpop_jkt, issued_at, expires_at, opened_at,
       spent_at, spent_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at, opened_at = excluded.opened_at,
       spent_at = excluded.spent_at, spent_by = excluded.spent_by`,
    request.digest,
    request.bound.client_id,
    JSON.stringify(request.parameters),
    request.dpop_jkt,
    request.issued_at,
    request.expires_at,
    request.opened_at,
    request.spent_at,
    request.spent_by,
  )
}

function writeDevice(sql: Sql, device: DeviceAuthorization): void {
  sql.exec(
    `INSERT INTO device_authorizations (digest, device_digest, client_id, dpop_jkt, grant_id, scope, resource,
       issued_at, expires_at, spent_at, outcome, vault_id, interval, polled_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET spent_at = excluded.spent_at, outcome = excluded.outcome,
       vault_id = excluded.vault_id, interval = excluded.interval, polled_at = excluded.polled_at`,
    device.digest,
    device.device_digest,
    device.bound.client_id,
    device.dpop_jkt,
    device.grant_id,
    device.scope,
    JSON.stringify(device.resource),
    device.issued_at,
    device.expires_at,
    device.spent_at,
    device.outcome,
    device.vault_id,
    device.interval,
    device.polled_at,
  )
}

function toDevice(row: Row): DeviceAuthorization {
  const outcome = textOrNull(row, 'outcome')
  assert(outcome === null || outcome === 'approved' || outcome === 'denied', `an outcome, got ${outcome}`)
  return {
    digest: text(row, 'digest'),
    kind: 'user_code',
    bound: boundTo(row),
    device_digest: text(row, 'device_digest'),
    dpop_jkt: textOrNull(row, 'dpop_jkt'),
    grant_id: text(row, 'grant_id'),
    scope: text(row, 'scope'),
    resource: textList(row, 'resource'),
    issued_at: integer(row, 'issued_at'),
    expires_at: integer(row, 'expires_at'),
    spent_at: integerOrNull(row, 'spent_at'),
    outcome,
    vault_id: textOrNull(row, 'vault_id'),
    interval: integer(row, 'interval'),
    polled_at: integerOrNull(row, 'polled_at'),
  }
}

function boundTo(row: Row) {
  return { client_id: text(row, 'client_id'), redirect_uri: null, code_challenge: null, dpop_jkt: null }
}

/** A record of texts, kept as JSON. */
function textRecord(row: Row, column: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(text(row, column))
  assert(typeof value === 'object' && value !== null, `column ${column} is a record`)
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => {
      assert(typeof item === 'string', `column ${column} holds texts`)
      return [name, item]
    }),
  )
}
