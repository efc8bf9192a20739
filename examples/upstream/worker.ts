import { firstUsers, userFrom, type User, type UserFailure } from './users.ts'

/** What it holds lasts as long as its isolate: it stands in for somebody's API, and is not one. */
const users: User[] = [...firstUsers]

const sentences: Readonly<Record<UserFailure['reason'], string>> = {
  body_not_object: 'Send a JSON object with name and email.',
  name_invalid: 'name must be a text of 1 to 200 characters.',
  email_invalid: 'email must be an address.',
  users_full: 'The demo holds no more users; restart it.',
}

/** The demo API. It sees callers through the headers that the gateway sets, and shows which trace it was given. */
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    const response = await answer(request, pathname)
    response.headers.set('x-upstream-request-id', request.headers.get('x-request-id') ?? '')
    response.headers.set('x-upstream-traceparent', request.headers.get('traceparent') ?? '')
    return response
  },
} satisfies ExportedHandler

async function answer(request: Request, pathname: string): Promise<Response> {
  const id = /^\/api\/users\/([^/]+)$/.exec(pathname)?.[1]
  if (pathname === '/me') return only(request, { GET: () => Response.json(caller(request)) })
  if (id !== undefined) return only(request, { GET: () => showUser(id) })
  if (pathname === '/api/users') {
    return only(request, { GET: () => Response.json(users), POST: () => addUser(request) })
  }
  return Response.json({ error: 'not_found' }, { status: 404 })
}

function only(request: Request, methods: Readonly<Record<string, () => Response | Promise<Response>>>) {
  const method = methods[request.method]
  if (method) return method()
  const allow = Object.keys(methods).join(', ')
  return Response.json({ error: 'method_not_allowed' }, { status: 405, headers: { allow } })
}

function caller(request: Request) {
  return {
    subject: request.headers.get('x-auth-subject'),
    client_id: request.headers.get('x-auth-client'),
    scopes: (request.headers.get('x-auth-scopes') ?? '').split(' ').filter((scope) => scope !== ''),
    request_id: request.headers.get('x-request-id'),
    traceparent: request.headers.get('traceparent'),
  }
}

function showUser(id: string): Response {
  const user = users.find((candidate) => String(candidate.id) === id)
  return user ? Response.json(user) : Response.json({ error: 'user_not_found', id }, { status: 404 })
}

async function addUser(request: Request): Promise<Response> {
  const body: unknown = await request.json().catch(() => null)
  const user = userFrom(body, users)
  if ('reason' in user) {
    return Response.json({ error: user.reason, message: sentences[user.reason] }, { status: 400 })
  }
  users.push(user)
  return Response.json(user, { status: 201, headers: { location: `/api/users/${user.id}` } })
}
