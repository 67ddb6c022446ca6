import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSource } from '../../src/adapters/legislators-source.js'
import { BORDER_ZIPS } from '../../src/congress/border-zips.js'
import { bundledTable } from '../../src/congress/bundled.js'
import { STATE_CODES, TERRITORY_NAMES } from '../../src/congress/congress.js'
import { tableInForce } from '../../src/congress/in-force.js'
import { zonesFor } from '../../src/congress/zones.js'
import { currentTable, storeTable } from '../../src/db/senators.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

describe('the stored table', () => {
  let database: FreshDatabase
  beforeAll(async () => {
    database = await freshDatabase()
  })
  afterAll(() => database.drop())

  test('a fresh database answers from the bundled senators', async () => {
    expect(await currentTable(database.pool)).toBeNull()
    expect(tableInForce(await currentTable(database.pool))).toBe(bundledTable)
  })

  test('what was stored last is in force, vacancy and accents included', async () => {
    await storeTable(database.pool, bundledTable)
    const senators = bundledTable.senators.filter((senator) => senator.last !== 'Husted')
    const table = { asOf: '2026-11-20', source: 'a test', senators, vacant: ['OH' as const] }
    await storeTable(database.pool, table)
    const stored = await currentTable(database.pool)
    expect(stored).toMatchObject(table)
    expect(stored && tableInForce(stored)).toBe(stored)
  })

  test('every zone we write to a person is one that Postgres knows', async () => {
    const places = [
      ...[...STATE_CODES, 'DC', ...Object.keys(TERRITORY_NAMES)].map((state) => ({ zip: null, state })),
      ...[...BORDER_ZIPS.keys()].map((zip) => ({ zip, state: null })),
      // Every 97th ZIP meets each zone of the table but the smallest; those are named.
      ...Array.from({ length: 1_030 }, (_, index) => ({
        zip: String(index * 97).padStart(5, '0'),
        state: null,
      })),
      ...['99546', '99689', '99926', '96898', '58520', '58523', '58530', '42518', '46366'].map((zip) => ({
        zip,
        state: null,
      })),
    ]
    const zones = [...new Set(places.flatMap((place) => Object.values(zonesFor(place))))]
    const { rows } = await database.pool.query<{ zone: string }>(
      'select zone from unnest($1::text[]) zone where zone not in (select name from pg_timezone_names)',
      [zones],
    )
    expect(zones.length).toBeGreaterThan(25)
    expect(rows).toEqual([])
  })
})

describe('reading the public files', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  const { signal } = new AbortController()
  let dir: string
  let server: Server
  let url: string

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'text-action-senators-'))
    server = createServer((request, response) => {
      if (request.url === '/list.json')
        response.writeHead(200, { 'last-modified': 'Mon, 15 Jun 2026 10:00:00 GMT' }).end('["Luj\u00e1n"]')
      else if (request.url === '/cut.json') {
        response.writeHead(200, { 'content-length': '1000' }).write('[')
        setTimeout(() => response.destroy(), 20)
      } else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(dir, { recursive: true, force: true })
  })

  test('a file is as old as its last change, and never from the future', async () => {
    const path = join(dir, 'list.json')
    writeFileSync(path, '[]')
    utimesSync(path, now, new Date('2026-06-15T12:00:00Z'))
    expect(await readSource(path, now, signal)).toEqual({ text: '[]', asOf: '2026-06-15' })
    utimesSync(path, now, new Date('2027-06-15T12:00:00Z'))
    expect(await readSource(path, now, signal)).toMatchObject({ asOf: '2026-11-22' })
  })

  test('a download is as old as its server says', async () => {
    expect(await readSource(`${url}/list.json`, now, signal)).toEqual({
      text: '["Luj\u00e1n"]',
      asOf: '2026-06-15',
    })
  })

  test.each([
    [
      'a file that is not there',
      () => join(dir, 'none.json'),
      /none\.json: there is no such file\. Nothing was replaced/,
    ],
    ['a folder', () => dir, /it is a folder/],
    ['an address without a page', () => `${url}/none.json`, /the server answered 404\. Nothing was replaced/],
    [
      'an answer that breaks off',
      () => `${url}/cut.json`,
      /Nothing was replaced\. Try again, or save the file/,
    ],
    [
      'a server that is not there',
      () => 'http://127.0.0.1:9/list.json',
      /Could not download .*Nothing was replaced/,
    ],
  ])('%s is told in one line that says what to do', async (_, from, message) => {
    const error = await readSource(from(), now, signal).catch((fault: Error) => fault)
    expect(error).toMatchObject({
      name: 'OperatorError',
      exitCode: 1,
      message: expect.stringMatching(message) as unknown,
    })
    expect((error as Error).message).not.toContain('\n')
  })
})
