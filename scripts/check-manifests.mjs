// Judges Kubernetes manifests by the published schemas: node check-manifests.mjs FILE... prints each fault on a line.
// A process of its own, since the schemas are ES modules and the test runner is not.
import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'

/** apps/v1 -> kubernetes-models/apps/v1; the core group has no name. */
const groupOf = (apiVersion) => import(`kubernetes-models/${apiVersion}`)

/** The schemas let unknown fields pass, as the server drops them: a misspelt one would be silently without effect. */
function watched(value, path, unread) {
  if (value === null || typeof value !== 'object') return value
  const inner = Array.isArray(value) ? [] : {}
  for (const key of Object.keys(value)) {
    const where = `${path}.${key}`
    const child = watched(value[key], where, unread)
    unread.add(where)
    Object.defineProperty(inner, key, {
      enumerable: true,
      configurable: true,
      get() {
        unread.delete(where)
        return child
      },
    })
  }
  return inner
}

for (const file of process.argv.slice(2))
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const manifest = document.toJS()
    const name = `${manifest?.kind}/${manifest?.metadata?.name}`
    try {
      const Model = (await groupOf(manifest.apiVersion))[manifest.kind]
      if (!Model) throw new Error(`no such kind in ${manifest.apiVersion}`)
      const unread = new Set()
      Model.prototype.validate.call(watched(manifest, '', unread))
      for (const field of unread) console.log(`${name}: ${field} is no field`)
    } catch (error) {
      console.log(`${name}: ${error.message}`)
    }
  }
