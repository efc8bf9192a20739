import { describe, expect, test } from 'vitest'

import { satisfies, strictest } from '../../../src/catalog/step-up.ts'

const single = 'urn:gatewright:acr:single-factor'
const multi = 'urn:gatewright:acr:multi-factor'

describe('strictest', () => {
  test('nothing is asked where nobody asks', () => {
    expect(strictest([{}, {}])).toBe(undefined)
  })

  test('the strongest level and the shortest age win, whoever asks for them', () => {
    expect(
      strictest([
        { acr_values: [single], max_age: 300 },
        { acr_values: [multi], max_age: 60 },
      ]),
    ).toEqual({
      acr: multi,
      max_age: 60,
    })
  })

  test('of several levels in one rule the lowest will do', () => {
    expect(strictest([{ acr_values: [multi, single] }])).toEqual({ acr: single, max_age: undefined })
  })
})

describe('satisfies', () => {
  test.each([
    [{ acr: multi, auth_time: 940 }, true],
    [{ acr: multi, auth_time: 939 }, false],
    [{ acr: single, auth_time: 1000 }, false],
    [{ auth_time: 1000 }, false],
    [{ acr: multi }, false],
    [{}, false],
  ])('%j at 1000 is %s for two factors within a minute', (shown, expected) => {
    expect(satisfies({ acr: multi, max_age: 60 }, shown, 1000)).toBe(expected)
  })
})
