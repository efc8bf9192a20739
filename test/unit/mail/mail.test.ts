import { afterEach, describe, expect, test, vi } from 'vitest'

import { cloudflareMail, type MailBinding } from '../../../src/mail/cloudflare-mail.ts'
import { deliver } from '../../../src/mail/delivery.ts'
import { assertMail, isMailAddress, type Mail } from '../../../src/mail/mail.ts'
import { mailSubjectCharactersMax, mailTextCharactersMax } from '../../../src/platform/account-bounds.ts'
import { readSettings, type Settings } from '../../../src/settings.ts'
import { mailCarrier } from '../../../src/wiring/mail.ts'

const mail: Mail = { to: 'ada@example.com', subject: 'A subject', text: 'One line.\n\nAnother.' }

afterEach(() => {
  vi.restoreAllMocks()
})

/** Log lines that are written meanwhile. */
function logLines() {
  const lines: string[] = []
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(line))
  }
  return lines
}

describe('an address', () => {
  test.each(['ada@example.com', "o'hara+news@mail.example.co.uk", 'a_b-c.d@sub.example.com'])(
    'is %j',
    (text) => {
      expect(isMailAddress(text)).toBe(true)
    },
  )

  test.each([
    'ada@example.com, eve@example.com',
    'ada@example.com;eve@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com\n',
    '"a b"@example.com',
    'Ada <ada@example.com>',
    'ada@[127.0.0.1]',
    'ädä@example.com',
    'ada@exa mple.com',
    '',
  ])('is not %j', (text) => {
    expect(isMailAddress(text)).toBe(false)
  })
})

describe('a mail', () => {
  test('may be as long as its bounds', () => {
    assertMail({
      ...mail,
      subject: 's'.repeat(mailSubjectCharactersMax),
      text: 't'.repeat(mailTextCharactersMax),
    })
  })

  test.each<[string, Partial<Mail>]>([
    ['two addresses', { to: 'ada@example.com,eve@example.com' }],
    ['a subject of two lines', { subject: 'Hello\r\nBcc: eve@example.com' }],
    ['a long subject', { subject: 's'.repeat(mailSubjectCharactersMax + 1) }],
    ['a text with a control character', { text: 'Hello\r\n.\r\nMAIL FROM:<eve@example.com>' }],
    ['a long text', { text: 't'.repeat(mailTextCharactersMax + 1) }],
  ])('with %s never leaves', async (_, changes) => {
    const sent: Mail[] = []
    const sending = deliver({ ...mail, ...changes }, async (one) => void sent.push(one), 'test', 'req_1')
    await expect(sending).rejects.toThrow('assertion failed')
    expect(sent).toEqual([])
  })
})

describe('delivery', () => {
  test('tries once more where the first try fails', async () => {
    const lines = logLines()
    const outcomes = [Promise.reject(new Error('busy')), Promise.resolve()]
    await deliver(mail, async () => outcomes.shift(), 'sign_up', 'req_1')
    expect(outcomes).toEqual([])
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', attempt: 1 }])
  })

  test('gives up after the second, never throws, and logs what it was about and not to whom', async () => {
    const lines = logLines()
    let tries = 0
    const send = async () => {
      tries += 1
      throw new Error('mailbox of ada@example.com is full')
    }
    await deliver(mail, send, 'sign_up', 'req_1')
    expect(tries).toBe(2)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'error',
      event: 'mail_failed',
      about: 'sign_up',
      request_id: 'req_1',
      error: 'mailbox of [address] is full',
    })
    expect(lines.join()).not.toContain('ada@example.com')
  })
})

/** Cloudflare's own type of the binding fits where mail is handed over; otherwise this does not compile. */
type Fits = SendEmail extends MailBinding ? true : false
const cloudflareFits: Fits = true

describe('who carries mail', () => {
  const root = { ISSUER: 'https://auth.example.com', GATEWRIGHT_SECRET: 'A'.repeat(43) }
  const mailbox = { keep: async () => undefined }

  function settingsOf(variables: Readonly<Record<string, string>>): Settings {
    const settings = readSettings({ ...root, ...variables })
    if (!settings.ok) throw new Error(JSON.stringify(settings.failure))
    return settings.value
  }

  function recordedBinding() {
    const sent: unknown[] = []
    const binding: MailBinding = { send: async (message) => void sent.push(message) }
    return { sent, binding }
  }

  test('is Cloudflare, with one address each way and plain text, where binding and sender are there', async () => {
    const { sent, binding } = recordedBinding()
    await mailCarrier(settingsOf({ EMAIL_FROM: 'no-reply@example.com' }), binding, mailbox)?.(mail)
    expect(sent).toEqual([{ from: 'no-reply@example.com', ...mail }])
    await cloudflareMail(binding, 'no-reply@example.com')(mail)
    expect(cloudflareFits).toBe(true)
    expect(sent).toHaveLength(2)
  })

  test('is nobody where one of them is missing', () => {
    const { binding } = recordedBinding()
    expect(mailCarrier(settingsOf({}), binding, mailbox)).toBeUndefined()
    expect(
      mailCarrier(settingsOf({ EMAIL_FROM: 'no-reply@example.com' }), undefined, mailbox),
    ).toBeUndefined()
  })

  test('is the mailbox in development, even where mail could be sent', async () => {
    const { sent, binding } = recordedBinding()
    const kept: Mail[] = []
    const settings = settingsOf({ EMAIL_FROM: 'no-reply@example.com', ALLOW_LOOPBACK: 'true' })
    await mailCarrier(settings, binding, { keep: async (one) => void kept.push(one) })?.(mail)
    expect(kept).toEqual([mail])
    expect(sent).toEqual([])
  })

  test('is refused a sender that is no address', () => {
    const settings = readSettings({ ...root, EMAIL_FROM: 'Gatewright <no-reply@example.com>' })
    expect(settings).toMatchObject({ ok: false, failure: { faults: [{ name: 'EMAIL_FROM' }] } })
  })
})
