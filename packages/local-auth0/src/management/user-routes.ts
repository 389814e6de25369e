// Users: search, read and change (docs: Management API v2, Users).
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { UserDirectory } from '../users/directory.ts'
import { ApiError } from './errors.ts'
import { type Paged, pageOf } from './paging.ts'
import { parseSearch } from './search.ts'
import type { Tokens } from './tokens.ts'

interface Call extends Paged {
  Params: { id: string }
}

const metadata = z.record(z.string(), z.unknown())
const changeSchema = z
  .strictObject({
    email: z.email(),
    email_verified: z.boolean(),
    blocked: z.boolean(),
    app_metadata: metadata,
    user_metadata: metadata,
  })
  .partial()

export function userRoutes(server: FastifyInstance, directory: UserDirectory, tokens: Tokens): void {
  server.get<Call>('/users', tokens.need('read:users'), async ({ query }) => {
    const test = parseSearch(query.q ?? '')
    return pageOf('users', directory.all().filter(test), query)
  })
  server.get<Call>('/users/:id', tokens.need('read:users'), async ({ params }) => {
    const user = directory.all().find(({ user_id }) => user_id === params.id)
    if (!user) throw inexistent()
    return user
  })
  server.patch<Call>('/users/:id', tokens.need('update:users'), async ({ params, body }) => {
    const { data } = changeSchema.safeParse(body)
    if (!data) throw new ApiError(400, 'Payload validation error', 'invalid_body')
    const user = directory.change(params.id, data)
    if (!user) throw inexistent()
    return user
  })
}

function inexistent(): ApiError {
  return new ApiError(404, 'The user does not exist.', 'inexistent_user')
}
