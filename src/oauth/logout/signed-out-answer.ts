import { clearSessionCookie } from '../../accounts/session-cookie.ts'
import type { HttpContext } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { redirectTo } from '../authorize/authorization-response.ts'
import { frontChannelPage } from './front-channel.page.tsx'

/** Takes the cookie of a session that has ended, and leads on: past the frames of clients that are to hear of it, if any. */
export function answerSignedOut(c: HttpContext, frames: readonly string[], destination: string): Response {
  const answer =
    frames.length === 0
      ? redirectTo(destination)
      : frontChannelPage({ locale: localeOf(c), frames, destination })
  clearSessionCookie(answer.headers)
  return answer
}
