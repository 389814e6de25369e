// Changes the passwords in `Pulumi.<stack>.yaml`, and keeps comments, order and encrypted values.
import { type Document, isMap, isSeq, parseDocument, YAMLMap, YAMLSeq } from 'yaml'
import { NAMESPACE } from '../../provisioning/config.ts'
import { Problem } from '../problem.ts'
import type { ConfiguredPassword, RotationStep } from './rotation.ts'

const PASSWORDS = ['config', `${NAMESPACE}:passwords`]

/** @throws Problem if the file is not the configuration of a stack. */
export function readEntries(text: string): ConfiguredPassword[] {
  return passwordsIn(parse(text)).map(entryOf)
}

/** Returns the file after this step. @throws Problem if the file is not the configuration of a stack. */
export function applyStep(text: string, step: Exclude<RotationStep, { kind: 'move' }>): string {
  const document = parse(text)
  const nodes = passwordsIn(document)
  const changed = change(document, nodes, step)
  const list = document.getIn(PASSWORDS)
  if (isSeq(list)) list.items = changed
  else {
    const fresh = new YAMLSeq(document.schema)
    fresh.items = changed
    document.setIn(PASSWORDS, fresh)
  }
  const indent = text.match(/^( +)\S/m)?.[1]?.length ?? 2
  return document.toString({ lineWidth: 0, indent })
}

function change(
  document: Document,
  nodes: readonly YAMLMap[],
  step: Exclude<RotationStep, { kind: 'move' }>,
): YAMLMap[] {
  const idOf = (node: YAMLMap) => String(node.get('id'))
  switch (step.kind) {
    case 'add': {
      const node = new YAMLMap(document.schema)
      node.set('id', step.id)
      return [...nodes.slice(0, 1), node, ...nodes.slice(1)]
    }
    case 'activate':
      return [
        ...nodes.filter((node) => idOf(node) === step.id),
        ...nodes.filter((node) => idOf(node) !== step.id),
      ]
    case 'retire':
      for (const node of nodes) if (step.ids.includes(idOf(node))) node.set('retired', true)
      return [...nodes]
    case 'remove':
      return nodes.filter((node) => !step.ids.includes(idOf(node)))
    default: {
      const never: never = step
      return never
    }
  }
}

function parse(text: string): Document {
  const document = parseDocument(text)
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new Problem('The file of the stack is not valid YAML: `npx pulumi config` shows where.')
  }
  return document
}

/** Without the key, returns the default: one entry with the id 1. */
function passwordsIn(document: Document): YAMLMap[] {
  const list = document.getIn(PASSWORDS)
  if (list === undefined) {
    const only = new YAMLMap(document.schema)
    only.set('id', '1')
    return [only]
  }
  const nodes = isSeq(list) ? list.items.filter((item) => isMap(item)) : []
  if (!isSeq(list) || nodes.length !== list.items.length || nodes.length === 0) {
    throw new Problem(
      `${NAMESPACE}:passwords is not a list of entries: \`npx pulumi preview\` shows what is wrong.`,
    )
  }
  return nodes
}

function entryOf(node: YAMLMap): ConfiguredPassword {
  return { id: String(node.get('id')), adopted: node.has('value'), retired: node.get('retired') === true }
}
