import { persistently } from '../../src/outbound/persistently.js'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

test('what Twilio told us is kept in mind for thirty seconds of a Postgres that hangs, not for thirty of the pauses alone', async () => {
  let tries = 0
  const begun = performance.now()
  const written = persistently(async () => {
    tries++
    await new Promise((resolve) => setTimeout(resolve, 16_000))
    throw new Error('no answer')
  }).catch((error: unknown) => `${(error as Error).message} after ${performance.now() - begun} ms`)
  await jest.advanceTimersByTimeAsync(120_000)
  expect(await written).toBe('no answer after 34000 ms')
  expect(tries).toBe(2)
})

test('a short outage loses nothing of it', async () => {
  let tries = 0
  const written = persistently(() => (++tries < 4 ? Promise.reject(new Error('away')) : Promise.resolve()))
  await jest.advanceTimersByTimeAsync(10_000)
  await written
  expect(tries).toBe(4)
})

test.each([
  Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  Object.assign(new Error('the database system is starting up'), { code: '57P03' }),
  new Error('Connection terminated unexpectedly'),
])('nor do minutes of one: %s', async (error) => {
  const begun = performance.now()
  const written = persistently(() =>
    performance.now() - begun < 540_000 ? Promise.reject(error) : Promise.resolve(),
  )
  await jest.advanceTimersByTimeAsync(545_000)
  await written
})

test('an outage of minutes that ends with an error of another kind: it is tried again as if it had just begun', async () => {
  const begun = performance.now()
  const written = persistently(() => {
    const ago = performance.now() - begun
    if (ago < 120_000) return Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
    return ago < 140_000 ? Promise.reject(new Error('a deadlock')) : Promise.resolve()
  })
  await jest.advanceTimersByTimeAsync(150_000)
  await written
})
