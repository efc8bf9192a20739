import { call } from './api.js'
import { finishSignIn, startSignIn } from './sign-in.js'
import { Tokens } from './tokens.js'

const config = await (await fetch('/config.json')).json()
const tokens = new Tokens(config)
const at = (path) => new URL(path, config.issuer)
const element = (id) => document.getElementById(id)

/** What came of the last thing that was done. As text, never as markup: it may hold what others wrote. */
function tell(sentence, isFault = false) {
  element('status').textContent = sentence
  element('status').classList.toggle('fault', isFault)
}

function show() {
  const isSignedIn = tokens.access_token !== undefined
  element('signed-out').hidden = isSignedIn
  element('signed-in').hidden = !isSignedIn
  if (!isSignedIn) element('answer').textContent = ''
}

async function showAnswer(path) {
  const response = await call(at(path), tokens)
  const body = await response.json()
  element('answer').textContent = JSON.stringify(body, null, 2)
  tell(`${path} answered ${response.status}.`, !response.ok)
  show()
  return response.ok ? body : undefined
}

async function fetchUserInfo() {
  const user = await showAnswer('/oauth/userinfo')
  if (user !== undefined) element('person').textContent = user.name ?? user.sub
}

async function refresh() {
  const isNew = await tokens.refresh()
  tell(isNew ? 'The access token is new.' : 'The sign-in has ended. Please sign in again.', !isNew)
  show()
}

async function signOut() {
  await tokens.revoke()
  tell('You are signed out of this app.')
  element('provider').hidden = false
  show()
}

/** Runs what a button does, and says so when the network does not let it. */
function onClick(id, action) {
  element(id).addEventListener('click', async () => {
    tell('…')
    await action().catch(() => tell('The server could not be reached. Please try again.', true))
  })
}

async function arrive() {
  if (location.pathname === '/callback') {
    const { tokens: fresh, fault } = await finishSignIn(config)
    if (fault !== undefined) return tell(fault, true)
    tokens.keep(fresh)
    return fetchUserInfo()
  }
  if (tokens.canRefresh && (await tokens.refresh())) return fetchUserInfo()
  return tell('You are not signed in.')
}

onClick('sign-in', () => startSignIn(config))
onClick('userinfo', fetchUserInfo)
onClick('users', () => showAnswer('/api/users'))
onClick('refresh', refresh)
onClick('sign-out', signOut)
element('provider-link').href = at('/sign-out')
await arrive().catch(() => tell('The server could not be reached. Please try again.', true))
show()
