import { subjectPartCharactersMax } from '../platform/bounds.ts'
import { sha256 } from '../platform/digest.ts'

/** Whom or what a limit counts. Each subject has a limiter object of its own. */
export type LimitSubject =
  | { readonly kind: 'key'; readonly key_id: string }
  /** The bearer of a token at the gateway: one person in one application, or a client itself. */
  | { readonly kind: 'caller'; readonly client_id: string; readonly sub: string }
  /** A confidential client at the token endpoint. */
  | { readonly kind: 'token_client'; readonly client_id: string }
  /** A public client at the token endpoint; `grant` is its id, or an address where there is no grant yet. */
  | { readonly kind: 'token_grant'; readonly client_id: string; readonly grant: string }
  | { readonly kind: 'sign_in'; readonly account: string; readonly address: string }
  | { readonly kind: 'sign_in_address'; readonly address: string }
  /** Codes of an account's authenticator app, from wherever they come. */
  | { readonly kind: 'second_factor'; readonly account_id: string }
  | { readonly kind: 'client_authentication'; readonly client_id: string; readonly address: string }
  | { readonly kind: 'registration'; readonly address: string }
  /** All users of a public client share its `client_id`, so its revocations are told apart by address. */
  | { readonly kind: 'revocation'; readonly client_id: string; readonly address: string }
  /** Where a client asks for something to be kept. `address` is empty for a client that has proved who it is. */
  | {
      readonly kind: 'pushed_request' | 'device_authorization'
      readonly client_id: string
      readonly address: string
    }
  /** User codes that somebody types, by the session and by the address. */
  | { readonly kind: 'user_code'; readonly sid: string }
  | { readonly kind: 'user_code_address'; readonly address: string }
  /** Mails to one e-mail address, whoever asks for them and whether or not an account has it. */
  | { readonly kind: 'mail_recipient'; readonly email: string }
  /** Logins that one network address begins at other providers; each leaves a row until it expires. */
  | { readonly kind: 'provider_login'; readonly address: string }
  /** Request objects that one network address has us fetch. */
  | { readonly kind: 'request_object'; readonly address: string }
  /** Requests for mail from one network address. */
  | { readonly kind: 'mail_request'; readonly address: string }

const PLAIN_PART = /^[A-Za-z0-9._-]+$/

/**
 * Names the object of a subject, so that equal subjects share one and different subjects never do.
 *
 * Parts come from whoever asks: one that is long, or that holds a separator, would make names unbounded or let
 * somebody write a name that is another subject's. Such a part is replaced by its digest, marked with a `#` that
 * no plain part can hold.
 */
export function subjectName(subject: LimitSubject): string {
  return [subject.kind, ...partsOf(subject).map(toNamePart)].join(':')
}

function partsOf(subject: LimitSubject): readonly string[] {
  switch (subject.kind) {
    case 'key':
      return [subject.key_id]
    case 'caller':
      return [subject.client_id, subject.sub]
    case 'token_client':
      return [subject.client_id]
    case 'token_grant':
      return [subject.client_id, subject.grant]
    case 'sign_in':
      return [subject.account, subject.address]
    case 'mail_recipient':
      return [subject.email]
    case 'second_factor':
      return [subject.account_id]
    case 'sign_in_address':
    case 'registration':
    case 'user_code_address':
    case 'mail_request':
    case 'request_object':
    case 'provider_login':
      return [subject.address]
    case 'user_code':
      return [subject.sid]
    case 'client_authentication':
    case 'revocation':
    case 'pushed_request':
    case 'device_authorization':
      return [subject.client_id, subject.address]
  }
}

function toNamePart(part: string): string {
  return part.length <= subjectPartCharactersMax && PLAIN_PART.test(part) ? part : `#${sha256(part)}`
}
