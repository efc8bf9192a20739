import type { SendMail } from './mail.ts'

/** Cloudflare's `send_email` binding, as far as it is used here. It builds the message, headers and all, itself. */
export interface MailBinding {
  send(message: {
    readonly from: string
    readonly to: string
    readonly subject: string
    readonly text: string
  }): Promise<unknown>
}

export function cloudflareMail(binding: MailBinding, from: string): SendMail {
  return async ({ to, subject, text }) => {
    await binding.send({ from, to, subject, text })
  }
}
