const AUTHORIZE = '/oauth/authorize?'

/** The query of the authorization request that a return path leads back to, if it leads to one. */
export function authorizationQuery(returnPath: string): string | undefined {
  return returnPath.startsWith(AUTHORIZE) ? returnPath.slice(AUTHORIZE.length) : undefined
}

/** The sign-in page that leads back to a path. */
export function signInPath(returnPath: string): string {
  return `/sign-in?${new URLSearchParams({ continue: returnPath }).toString()}`
}

export function signUpPath(returnPath: string): string {
  return `/sign-up?${new URLSearchParams({ continue: returnPath }).toString()}`
}
