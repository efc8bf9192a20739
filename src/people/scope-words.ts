const WORDS: ReadonlyMap<string, string> = new Map([
  ['openid', 'Know which account you signed in with'],
  ['profile', 'See your name, picture and other details of your profile'],
  ['email', 'See your e-mail address'],
  ['address', 'See your postal address'],
  ['phone', 'See your telephone number'],
  ['offline_access', 'Keep this access while you are away'],
  ['read', 'Read data on your behalf'],
  ['write', 'Create and change data on your behalf'],
  ['read:profile', 'Read your profile from connected services'],
  ['read:users', 'Read the list of people in connected services'],
])

/** What a scope lets an application do, in the words of the person who is asked to allow it. */
export function scopeInWords(scope: string): string {
  return WORDS.get(scope) ?? `Use the permission “${scope}”`
}
