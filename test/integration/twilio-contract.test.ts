import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createTwilioGateway } from '../../src/adapters/twilio-gateway.js'
import type { Twilio } from '../../src/config.js'

// Our requests against the API as Twilio publishes it (OpenAPI, twilio_api_v2010.json), which lies outside this project: where
// TEST_TWILIO_OPENAPI says, or in the folder data of a folder beside this project.
const PARENT = join(__dirname, '..', '..', '..')
const beside = () =>
  readdirSync(PARENT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => join(PARENT, name, 'data', 'twilio_api_v2010.json'))
    .find((file) => existsSync(file))

const SPEC = process.env['TEST_TWILIO_OPENAPI'] ?? beside() ?? ''
const described = existsSync(SPEC) ? describe : describe.skip
if (!existsSync(SPEC))
  process.stderr.write(
    'skipped: TEST_TWILIO_OPENAPI does not name twilio_api_v2010.json, which Twilio publishes in twilio-oai, nor does data/ of a folder beside this project hold it.\n',
  )

type Property = { type?: string; format?: string; pattern?: string }
type Operation = {
  requestBody?: {
    content: Record<string, { schema: { required?: string[]; properties: Record<string, Property> } }>
  }
  parameters?: { name: string; in: string; schema: Property }[]
}

const TYPES: Readonly<Record<string, (value: string) => boolean>> = {
  integer: (value) => /^-?\d+$/.test(value),
  boolean: (value) => /^(true|false)$/.test(value),
  number: (value) => value !== '' && !Number.isNaN(Number(value)),
  uri: (value) => URL.canParse(value),
}

/** What of a form or a query does not fit: unknown names, missing ones, values of another type or form, names given twice. */
function misfits(
  given: URLSearchParams,
  properties: Readonly<Record<string, Property>>,
  required: readonly string[],
) {
  const names = [...given.keys()]
  return [
    ...required.filter((name) => !given.get(name)).map((name) => `${name} is missing`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} twice`),
    ...[...given].flatMap(([name, value]) => {
      const property = properties[name]
      if (!property) return [`${name} is unknown`]
      const { type = 'string', format = '', pattern } = property
      const fits = [type, format].every((kind) => TYPES[kind]?.(value) ?? true)
      return fits && (!pattern || new RegExp(pattern).test(value)) ? [] : [`${name} does not fit`]
    }),
  ]
}

described("Twilio's published API", () => {
  const accountSid = `AC${'0'.repeat(32)}`
  const asked: {
    method: string
    path: string
    query: URLSearchParams
    type: string
    form: URLSearchParams
  }[] = []
  let server: Server
  let operations: { post: Operation; get: Operation }

  beforeAll(async () => {
    const spec = JSON.parse(readFileSync(SPEC, 'utf8')) as {
      paths: Record<string, { post: Operation; get: Operation }>
    }
    operations = spec.paths['/2010-04-01/Accounts/{AccountSid}/Messages.json'] ?? { post: {}, get: {} }
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://twilio')
        asked.push({
          method: request.method ?? '',
          path: url.pathname,
          query: url.searchParams,
          type: request.headers['content-type'] ?? '',
          form: new URLSearchParams(Buffer.concat(chunks).toString()),
        })
        response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ sid: `SM${'0'.repeat(32)}`, messages: [] }))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))
  beforeEach(() => asked.splice(0))

  const gateway = (more: Partial<Twilio> = {}) =>
    createTwilioGateway({
      twilio: {
        accountSid,
        authTokens: ['token'],
        sender: '235246',
        messagingServiceSid: null,
        apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...more,
      },
      publicUrl: 'https://text.example.org',
      mac: () => 'a-mac',
      connections: 1,
    })
  const text = {
    ref: { blastId: 3, number: 7 },
    to: '+12055550100',
    body: '¡Hola! 1 & 2 = 3? + é\nSTOP',
    validitySeconds: 3_600,
  }

  test.each([
    ['a short code', {}],
    ['a Messaging Service', { messagingServiceSid: `MG${'0'.repeat(32)}` }],
  ])('a text from %s is a request that Twilio knows', async (_name, more) => {
    const sender = gateway(more)
    expect(await sender.send(text, () => true)).toMatchObject({ kind: 'accepted' })
    await sender.close()
    const [request] = asked
    expect(request).toMatchObject({
      method: 'POST',
      path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
    })
    const { schema } = operations.post.requestBody?.content[request?.type ?? ''] ?? {
      schema: { properties: {} },
    }
    expect(
      misfits(request?.form ?? new URLSearchParams(), schema.properties, schema.required ?? ['no schema']),
    ).toEqual([])
    expect(request?.form.get('Body')).toBe(text.body)
    expect(request?.form.has('From')).not.toBe(request?.form.has('MessagingServiceSid'))
  })

  test('asking for the texts to a number is a request that Twilio knows', async () => {
    const sender = gateway()
    await sender.listTo(text.to, new Date())
    await sender.close()
    const known = (operations.get.parameters ?? []).filter((one) => one.in === 'query')
    const properties = Object.fromEntries(known.map(({ name, schema }) => [name, schema]))
    expect(asked[0]).toMatchObject({
      method: 'GET',
      path: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
    })
    expect(misfits(asked[0]?.query ?? new URLSearchParams(), properties, ['To'])).toEqual([])
  })

  test('the check can say no', () => {
    const { schema } = operations.post.requestBody?.content['application/x-www-form-urlencoded'] ?? {
      schema: { properties: {} },
    }
    const wrong = new URLSearchParams(
      'Bodi=x&ValidityPeriod=soon&MessagingServiceSid=MG1&StatusCallback=here',
    )
    expect(misfits(wrong, schema.properties, schema.required ?? [])).toEqual([
      'To is missing',
      'Bodi is unknown',
      'ValidityPeriod does not fit',
      'MessagingServiceSid does not fit',
      'StatusCallback does not fit',
    ])
  })
})
