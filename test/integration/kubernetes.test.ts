import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const faultsIn = (...files: string[]) =>
  execFileSync(process.execPath, ['scripts/check-manifests.mjs', ...files], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean)

test("the manifests fit Kubernetes' published schemas, and no field is misspelt", () => {
  const files = readdirSync('deploy/kubernetes').map((file) => join('deploy/kubernetes', file))
  expect(files.length).toBeGreaterThan(4)
  expect(faultsIn(...files)).toEqual([])
}, 30_000)

test('a wrong type, a misspelt field and an unknown kind are told', () => {
  const dir = mkdtempSync(join(tmpdir(), 'text-action-manifests-'))
  const pod = 'selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }'
  const head = (name: string, kind = 'Deployment') =>
    `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`
  const file = join(dir, 'bad.yaml')
  writeFileSync(
    file,
    [
      `${head('type')}spec: { replicas: two, ${pod}, spec: { containers: [{ name: c }] } } }\n`,
      `${head('field')}spec: { replicas: 2, ${pod}, spec: { containers: [{ name: c, imagge: i }] } } }\n`,
      head('kind', 'Deploymint'),
    ].join('---\n'),
  )
  expect(faultsIn(file)).toEqual([
    'Deployment/type: data/spec/replicas must be integer',
    'Deployment/field: .spec.template.spec.containers.0.imagge is no field',
    'Deploymint/kind: no such kind in apps/v1',
  ])
  rmSync(dir, { recursive: true })
}, 30_000)
