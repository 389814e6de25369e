// The calls of the Management API for Actions and bindings, with the scope that each needs.
import type { FastifyInstance } from 'fastify'
import { parseActionCreation, parseActionPatch, parseBindings } from './bodies.ts'
import { actionShape, bindingShape, deployShape, versionShape } from './shapes.ts'
import type { Tenant } from './tenant.ts'
import type { Tokens } from './tokens.ts'
import { checkTrigger, TRIGGER_VERSIONS } from './triggers.ts'

/** Default number of entries per page. */
const ACTIONS_PAGE = 100
const BINDINGS_PAGE = 20
const VERSIONS_PAGE = 50

interface Call {
  Params: { id: string; versionId: string; trigger: string }
  Querystring: Record<string, string | undefined>
}

/** Declares the routes, below /api/v2. `onUnbind` is called when versions may have been unbound. */
export function actionRoutes(
  server: FastifyInstance,
  tenant: Tenant,
  tokens: Tokens,
  onUnbind: () => void,
): void {
  server.post('/actions/actions', tokens.need('create:actions'), async (request, reply) => {
    const action = tenant.create(parseActionCreation(request.body))
    return reply.code(201).send(actionShape(action))
  })
  server.get<Call>('/actions/actions', tokens.need('read:actions'), async ({ query }) => {
    const found = [...tenant.actions.values()]
      .filter(({ triggers }) => !query.triggerId || triggers.some(({ id }) => id === query.triggerId))
      .filter(({ name }) => !query.actionName || name === query.actionName)
      .filter(({ integration }) => !query.installed || String(integration !== undefined) === query.installed)
      .filter(({ liveVersion }) => !query.deployed || String(liveVersion !== undefined) === query.deployed)
    return page('actions', found.map(actionShape), query, ACTIONS_PAGE)
  })
  server.get<Call>('/actions/actions/:id', tokens.need('read:actions'), async ({ params }) =>
    actionShape(tenant.action(params.id)),
  )
  server.patch<Call>('/actions/actions/:id', tokens.need('update:actions'), async ({ params, body }) => {
    tenant.action(params.id)
    return actionShape(tenant.update(params.id, parseActionPatch(body)))
  })
  server.delete<Call>(
    '/actions/actions/:id',
    tokens.need('delete:actions'),
    async ({ params, query }, reply) => {
      tenant.delete(params.id, query.force === 'true')
      onUnbind()
      return reply.code(204).send()
    },
  )

  server.post<Call>('/actions/actions/:id/deploy', tokens.need('create:actions'), async ({ params }) => {
    const { action, version } = tenant.deploy(params.id)
    return deployShape(action, version)
  })
  server.get<Call>(
    '/actions/actions/:id/versions',
    tokens.need('read:actions'),
    async ({ params, query }) => {
      const action = tenant.action(params.id)
      const versions = action.versions.toReversed().map((version) => versionShape(action, version))
      return page('versions', versions, query, VERSIONS_PAGE)
    },
  )
  server.get<Call>(
    '/actions/actions/:id/versions/:versionId',
    tokens.need('read:actions'),
    async ({ params }) => versionShape(tenant.action(params.id), tenant.version(params.id, params.versionId)),
  )
  server.post<Call>(
    '/actions/actions/:id/versions/:versionId/deploy',
    tokens.need('create:actions'),
    async ({ params, body }) => {
      const updateDraft =
        typeof body === 'object' && body !== null && Reflect.get(body, 'update_draft') === true
      const { action, version } = tenant.redeploy(params.id, params.versionId, updateDraft)
      return deployShape(action, version)
    },
  )

  // Action modules are not imitated, so the list is empty. auth0-deploy-cli requests it.
  server.get<Call>('/actions/modules', tokens.need('read:actions'), async ({ query }) => ({
    modules: [],
    total: 0,
    page: Number(query.page ?? 0),
    per_page: Number(query.per_page ?? ACTIONS_PAGE),
  }))
  server.get('/actions/triggers', tokens.need('read:actions'), async () => ({ triggers: TRIGGER_VERSIONS }))
  server.get<Call>(
    '/actions/triggers/:trigger/bindings',
    tokens.need('read:actions'),
    async ({ params, query }) => {
      checkTrigger(params.trigger)
      return page('bindings', tenant.bindings(params.trigger).map(bindingShape), query, BINDINGS_PAGE)
    },
  )
  server.patch<Call>(
    '/actions/triggers/:trigger/bindings',
    tokens.need('update:actions'),
    async ({ params, body }) => {
      const bindings = tenant.bind(params.trigger, parseBindings(body))
      onUnbind()
      return { bindings: bindings.map(bindingShape) }
    },
  )
}

// As in the real API, `total` is only on page 0 of a list that is not empty, and `page` only on later pages.
function page(
  name: string,
  items: readonly unknown[],
  query: Record<string, string | undefined>,
  defaultPerPage: number,
) {
  const number = Number(query.page ?? 0) || 0
  const perPage = Number(query.per_page) || defaultPerPage
  const shown = items.slice(number * perPage, (number + 1) * perPage)
  if (number > 0) return { [name]: shown, page: number, per_page: perPage }
  return items.length > 0
    ? { [name]: shown, total: items.length, per_page: perPage }
    : { [name]: shown, per_page: perPage }
}
