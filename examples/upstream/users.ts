/** A user as the demo API serves it. */
export interface User {
  readonly id: number
  readonly name: string
  readonly email: string
}

export type UserFailure = {
  readonly reason: 'body_not_object' | 'name_invalid' | 'email_invalid' | 'users_full'
}

const usersMax = 1000
const textCharsMax = 200

export const firstUsers: readonly User[] = [
  { id: 1, name: 'Alice Liddell', email: 'alice@example.com' },
  { id: 2, name: 'Mallory Archer', email: 'mallory@example.com' },
  { id: 123, name: 'John Doe', email: 'john@example.com' },
]

/** Answers the user that a body describes under the next free id, or why it describes none. */
export function userFrom(body: unknown, users: readonly User[]): User | UserFailure {
  if (typeof body !== 'object' || body === null) return { reason: 'body_not_object' }
  if (!('name' in body) || !isText(body.name)) return { reason: 'name_invalid' }
  if (!('email' in body) || !isText(body.email) || !body.email.includes('@'))
    return { reason: 'email_invalid' }
  if (users.length >= usersMax) return { reason: 'users_full' }
  return { id: Math.max(...users.map((user) => user.id)) + 1, name: body.name, email: body.email }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= textCharsMax
}
