import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { parse, parseAllDocuments } from 'yaml'
import { ENVIRONMENT_NAMES } from '../../src/config.js'
import { registry } from '../../src/observability/metrics.js'
import { standingRegistry } from '../../src/observability/standing.js'

type Known = { name: string; labelNames?: readonly string[]; type: string }
const known = new Map(
  [registry, standingRegistry].flatMap((one) =>
    (one.getMetricsAsArray() as unknown as Known[]).map((metric) => [metric.name, metric] as const),
  ),
)

type Rule = { alert: string; expr: string; annotations: { runbook: string } }
const rules = (
  parse(readFileSync('deploy/alerts.yml', 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules)
const dashboard = JSON.parse(readFileSync('deploy/dashboard.json', 'utf8')) as {
  panels: { title: string; targets: { expr: string; legendFormat: string }[] }[]
}
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
]

/** The metrics of an expression that do not exist, and the labels that none of its metrics has. */
function unknownIn(expr: string): string[] {
  const names = [...expr.matchAll(/\b(?:textaction|process|nodejs)_\w+/g)].map(([name]) => name)
  const metrics = names.map((name) => known.get(name) ?? histogramOf(name))
  const labels = new Set(['instance', ...metrics.flatMap((metric) => metric?.labelNames ?? [])])
  if (names.some((name) => name.endsWith('_bucket'))) labels.add('le')
  const used = [
    ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(',')),
    ...[...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) =>
      list.split(',').map((one) => one.split('=')[0] ?? ''),
    ),
  ].map((label) => label.trim())
  return [...names.filter((_, index) => !metrics[index]), ...used.filter((label) => !labels.has(label))]
}

function histogramOf(name: string): Known | undefined {
  const metric = known.get(name.replace(/_(bucket|sum|count)$/, ''))
  return metric?.type === 'histogram' ? metric : undefined
}

test('alerts and dashboard name only metrics and labels that exist', () => {
  expect(expressions.length).toBeGreaterThan(30)
  for (const [where, expr] of expressions) expect([where, unknownIn(expr)]).toEqual([where, []])
  expect(expressions.every(([, expr]) => /\b(textaction|process|nodejs)_/.test(expr))).toBe(true)
  // The check itself can say no.
  expect(unknownIn('max by (colour) (textaction_texts_inn_total)')).toEqual([
    'textaction_texts_inn_total',
    'colour',
  ])
})

test('an operator is told of receipts that do not come at all, also where none has ever come and none can be late', () => {
  const expr = rules.find(({ alert }) => alert === 'TextActionReceiptsLate')?.expr
  expect(expr).toContain('or (sum(rate(textaction_texts_out_total{outcome="accepted"}[15m])) > 0')
  expect(expr).toContain('unless sum(rate(textaction_receipts_total[15m])) > 0')
})

test('every alert has its place in the operating guide, and no place is left over', () => {
  const headings = [...readFileSync('docs/operating.md', 'utf8').matchAll(/^### (TextAction\w+)$/gm)].map(
    ([, name]) => name,
  )
  expect(rules.map(({ alert }) => alert).sort()).toEqual([...headings].sort())
  for (const { alert, annotations } of rules)
    expect(annotations.runbook).toBe(`docs/operating.md#${alert.toLowerCase()}`)
})

test('no metric has a label for a number, an id or a name of somebody', () => {
  const labels = new Set(
    [...known.values()]
      .filter(({ name }) => name.startsWith('textaction_'))
      .flatMap(({ labelNames }) => labelNames ?? []),
  )
  const bounded = [
    'cause',
    'door',
    'duplicate',
    'how',
    'kind',
    'lane',
    'outcome',
    'reason',
    'state',
    'status',
    'verdict',
    'via',
    'what',
  ]
  expect([...labels].filter((label) => !bounded.includes(label))).toEqual([])
})

type Pod = {
  securityContext: { runAsNonRoot: boolean; runAsUser: number }
  terminationGracePeriodSeconds?: number
  containers: {
    args: string[]
    securityContext: Record<string, unknown>
    resources: object
    livenessProbe?: { httpGet: { path: string } }
    readinessProbe?: { httpGet: { path: string } }
  }[]
}
type Manifest = {
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  data?: Record<string, string>
  spec: {
    selector?: { matchLabels?: Record<string, string> } & Record<string, unknown>
    template?: { metadata: { labels: Record<string, string> }; spec: Pod }
  }
}

const manifests = readdirSync('deploy/kubernetes')
  .sort()
  .flatMap((file) =>
    parseAllDocuments(readFileSync(`deploy/kubernetes/${file}`, 'utf8')).map((doc) => doc.toJS() as Manifest),
  )

test('the manifests hold what a deployment needs, all in one namespace', () => {
  expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
    ...[
      'Namespace/text-action',
      'ConfigMap/text-action',
      'PersistentVolumeClaim/text-action-spool',
      'Job/migrate',
    ],
    ...['Deployment/work', 'Deployment/serve', 'Service/serve', 'PodDisruptionBudget/serve'],
    ...[
      'NetworkPolicy/nothing-else',
      'NetworkPolicy/out',
      'NetworkPolicy/texts-in',
      'NetworkPolicy/metrics-in',
    ],
  ])
  for (const { kind, metadata } of manifests)
    if (kind !== 'Namespace') expect(metadata.namespace).toBe('text-action')
  const config = manifests.find(({ kind }) => kind === 'ConfigMap')
  expect(Object.keys(config?.data ?? {}).filter((name) => !ENVIRONMENT_NAMES.includes(name))).toEqual([])
})

test('every pod runs without root, without rights, on a file system that is read-only', () => {
  const pods = manifests.flatMap(({ spec }) => spec?.template ?? [])
  expect(pods.length).toBe(3)
  for (const { metadata, spec } of pods) {
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
    for (const container of spec.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(container.resources).toHaveProperty('requests.memory')
      expect(container.args).toEqual([metadata.labels['role']])
    }
  }
})

test('selectors find their pods', () => {
  const labels = manifests.flatMap(({ spec }) => (spec?.template ? [spec.template.metadata.labels] : []))
  for (const { kind, metadata, spec } of manifests) {
    const wanted =
      kind === 'Service' ? (spec.selector as Record<string, string>) : spec?.selector?.matchLabels
    if (!wanted) continue
    const found = labels.some((one) => Object.entries(wanted).every(([name, value]) => one[name] === value))
    expect([kind, metadata.name, found]).toEqual([kind, metadata.name, true])
  }
})

test('a web process stays in service while Postgres is away: it takes texts to disk then', () => {
  const serve = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'serve')
  expect(serve?.spec.template?.spec.containers[0]?.readinessProbe?.httpGet.path).toBe('/healthz')
})

test('compose.yaml: two of each, Redis keeps what waits, every program waits for the schema', () => {
  const { services, volumes } = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as {
    services: Record<
      string,
      {
        command?: string[]
        deploy?: { replicas: number }
        read_only?: boolean
        depends_on?: object
        volumes?: string[]
        healthcheck?: { test?: string[] }
      }
    >
    volumes: object
  }
  expect(services['redis']?.command?.join(' ')).toContain('--appendonly yes')
  expect(services['redis']?.command?.join(' ')).toContain('--maxmemory-policy noeviction')
  expect(services['redis']?.command?.join(' ')).toMatch(/--maxmemory \d+mb/) // or no alert on it can fire
  // On an empty volume a first server answers on the socket alone, and then ends: nobody is to start for that one.
  expect(services['postgres']?.healthcheck?.test?.join(' ')).toContain('pg_isready -h 127.0.0.1 ')
  for (const role of ['serve', 'work']) {
    expect(services[role]).toMatchObject({ command: [role], read_only: true, deploy: { replicas: 2 } })
    expect(services[role]?.depends_on).toHaveProperty('migrate.condition', 'service_completed_successfully')
  }
  expect(services['serve']?.volumes).toEqual(['spool:/data'])
  expect(Object.keys(volumes).sort()).toEqual(['postgres', 'redis', 'spool'])
})

test('the image holds what the Dockerfile copies, and runs without root', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8')
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files = '']) =>
    files.split(' '),
  )
  const ignored = readFileSync('.dockerignore', 'utf8')
  for (const path of copied) {
    expect([path, existsSync(path)]).toEqual([path, true])
    expect(ignored).toContain(`!${path.split('/')[0]}`)
  }
  const lines = dockerfile.trim().split('\n')
  expect(lines).toContain('USER node')
  expect(lines.slice(-2)).toEqual(['ENTRYPOINT ["node", "dist/cli.js"]', 'CMD ["serve"]'])
})
