import { databaseOutage, endpointOf } from '../../src/observability/outage.js'

const URL = 'postgres://dana:s3cret@db.example.org/textaction'
const coded = (code: string) => Object.assign(new Error(`connect to ${URL}`), { code })

test('whoever cannot reach the database reads which one, where it is and what to do; never the password', () => {
  expect(databaseOutage(coded('ECONNREFUSED'), URL)).toBe(
    'Postgres at db.example.org:5432 refused the connection. Start it or mend DATABASE_URL; without it we bring our own.',
  )
  expect(databaseOutage(coded('ENOTFOUND'), URL)).toBe(
    'Postgres at db.example.org:5432 has no address: is the name right? Start it or mend DATABASE_URL; without it we bring our own.',
  )
  expect(databaseOutage(coded('28P01'), URL)).toBe(
    'Postgres at db.example.org:5432 refuses the user or the password. Mend it or DATABASE_URL. Then: textaction doctor',
  )
  expect(databaseOutage(coded('3D000'), URL)).toBe(
    'Postgres at db.example.org:5432 has no database of that name. Mend it or DATABASE_URL. Then: textaction doctor',
  )
  expect(databaseOutage(coded('ECONNREFUSED'), undefined)).toBe(
    'Our own Postgres refused the connection. See: textaction doctor',
  )
})

test('another fault is no outage of the database', () => {
  expect(databaseOutage(coded('23505'), URL)).toBeNull()
  expect(databaseOutage(new Error('oh'), URL)).toBeNull()
})

test('a place is told with its port, also where the address leaves it out', () => {
  expect(endpointOf(URL)).toBe('db.example.org:5432')
  expect(endpointOf('redis://:s3cret@cache:6380/1')).toBe('cache:6380')
  expect(endpointOf('rediss://cache')).toBe('cache:6379')
  expect(endpointOf('https://text.example.org')).toBe('text.example.org')
  expect(endpointOf('postgres:///textaction')).toBe('its address')
  expect(endpointOf('no address')).toBe('its address')
})
