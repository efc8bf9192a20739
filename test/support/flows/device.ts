import { assert } from '../../../src/platform/assert.ts'
import type { Answer, Send } from '../oauth/answer.ts'
import { newVisit } from '../oauth/visit.ts'

interface Person {
  readonly email: string
  readonly password: string
}

/** A person follows the link that the device shows, signs in, compares the code and decides. */
export async function decideOnDevice(
  send: Send,
  verification_uri_complete: string,
  person: Person,
  decision: 'allow' | 'deny',
): Promise<Answer> {
  const { pathname, search, searchParams } = new URL(verification_uri_complete)
  const user_code = searchParams.get('user_code')
  assert(user_code !== null, 'the complete address carries the code')
  const visit = newVisit(send)
  const { email, password } = person
  const form = await visit.submit(await visit.open(`${pathname}${search}`), { email, password })
  const question = await visit.submit(form, { user_code })
  assert(question.text.includes(user_code), `the page shows the code, got ${question.status}`)
  const decided = await visit.submit(question, { decision })
  assert(decided.status === 200, `it is decided, got ${decided.status}`)
  return decided
}
