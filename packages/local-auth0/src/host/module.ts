// Loads the code of an Action as Auth0 does.
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import type { Dependency } from '../dependencies.ts'

/** The code of a version, its modules, and the folder from which Node finds them. */
export interface Program {
  readonly code: string
  readonly dependencies: readonly Dependency[]
  readonly root: string
}

export type Handler = (event: unknown, api: unknown) => Promise<unknown>

const PARAMETERS = ['module', 'exports', 'console']

/**
 * Returns a function that returns the Action's handler. Its first call runs the top level of the code. Later calls return
 * the same handler, or throw the same error.
 */
export function lazyModule(program: Program, console: Console): () => Handler {
  let state: { exported: unknown } | { error: unknown } | undefined
  return () => {
    state ??= run(program, console)
    if ('error' in state) throw state.error
    return handlerOf(state.exported)
  }
}

function run(program: Program, console: Console) {
  try {
    const module: { exports: unknown } = { exports: {} }
    const body = compileFunction(program.code, PARAMETERS, {
      filename: 'action.js',
      contextExtensions: [{ require: requireOf(program) }],
    })
    body.call(module.exports, module, module.exports, console)
    return { exported: module.exports }
  } catch (error) {
    return { error }
  }
}

function requireOf({ dependencies, root }: Program): (id: string) => unknown {
  const require = createRequire(join(root, 'action.js'))
  const declared = new Set(dependencies.map(({ name }) => name))
  return (id) => {
    if (isBuiltin(id) || declared.has(packageOf(id))) return require(id)
    throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' })
  }
}

function packageOf(id: string): string {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/')
}

function handlerOf(exported: unknown): Handler {
  if (typeof exported !== 'object' || exported === null) throw new Error('An Action must export an object.')
  const handler: unknown = Reflect.get(exported, 'onExecutePostLogin')
  if (isAsyncFunction(handler)) return handler
  throw new Error(
    'Invalid function signature for the "onExecutePostLogin" handler. ' +
      'Use "exports.onExecutePostLogin = async function(event, api) { }" as the signature.',
  )
}

function isAsyncFunction(value: unknown): value is Handler {
  return typeof value === 'function' && value.constructor.name === 'AsyncFunction'
}
