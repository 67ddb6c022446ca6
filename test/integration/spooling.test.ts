import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { createFileSpool } from '../../src/adapters/file-spool.js'
import { systemClock } from '../../src/adapters/system-clock.js'
import { createVault } from '../../src/adapters/vault.js'
import { openPool } from '../../src/db/pool.js'
import { LIMITS } from '../../src/limits.js'
import { mayHoldAStop } from '../../src/db/serves.js'
import { createReceiver, type HeardText, type InboundText } from '../../src/inbound/receive.js'
import { createSpooling, type SpooledText } from '../../src/inbound/spooling.js'
import { freshDatabase, type FreshDatabase } from '../support/services.js'

const vault = createVault(Buffer.alloc(32, 7).toString('base64'))
const queues = {
  announceMail: () => undefined,
  announceReplies: () => undefined,
  announceRange: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

test('a Postgres that answers and takes nothing, for however long: her STOP waits on disk, and holds when it comes in', async () => {
  const database = await freshDatabase()
  const dir = mkdtempSync(join(tmpdir(), 'text-action-spooling-'))
  // As a full disk does, a database that is read-only answers each look and refuses each text.
  const readOnly = (is: boolean) =>
    database.pool.query(
      `do $$ begin execute format('alter database %I set default_transaction_read_only = ${is ? 'on' : 'off'}', current_database()); end $$`,
    )
  await readOnly(true)
  let pool = openPool(database.url, { max: 2 })
  const spooling = () =>
    createSpooling({
      ...{ id: 'web', pool, spool: createFileSpool<SpooledText>(dir, vault) },
      receive: createReceiver({ pool, vault, queues, clock: systemClock }),
    })
  try {
    const refusing = spooling()
    await refusing.take({
      ...{ messageSid: 'SM1', from: '+12055550100', body: 'STOP', mediaCount: 0, optOutType: null },
      receivedAt: new Date(),
    })
    for (let turn = 0; turn < 15; turn++) await expect(refusing.turn()).rejects.toThrow('read-only')
    expect(readdirSync(dir).filter((name) => !name.endsWith('.spool'))).toEqual([])
    // What is open keeps what it was told at its start.
    await database.pool.query('set default_transaction_read_only = off')
    await readOnly(false)
    await pool.end()
    pool = openPool(database.url, { max: 2 })
    await new Promise((resolve) => setTimeout(resolve, 3_100)) // a spool that another process left is taken once it is quiet
    await spooling().turn()
    const { rows } = await pool.query<{ verdict: string; standing: string }>(
      'select verdict, standing from texts_in join people on people.id = person_id',
    )
    expect(rows).toEqual([{ verdict: 'leave', standing: 'left' }])
  } finally {
    await pool.end()
    await database.drop()
    rmSync(dir, { recursive: true })
  }
}, 60_000)

test('STOP by one web process, START by another whose clock is a minute behind: she has come back', async () => {
  const database = await freshDatabase()
  const dir = mkdtempSync(join(tmpdir(), 'text-action-spooling-'))
  try {
    const spooling = createSpooling({
      ...{ id: 'web', pool: database.pool, spool: createFileSpool<SpooledText>(dir, vault), takeMs: 5_000 },
      receive: createReceiver({ pool: database.pool, vault, queues, clock: systemClock }),
    })
    const hers = (body: string, ago: number) => ({
      ...{ messageSid: `SM${body}`, from: '+12055550100', body, mediaCount: 0, optOutType: null },
      receivedAt: new Date(Date.now() - ago),
    })
    for (const body of ['WORK', 'STOP']) await spooling.take(hers(body, 0))
    await spooling.take(hers('START', 60_000))
    const { rows } = await database.pool.query<{ isOlder: boolean }>(
      `select received_at < left_at as "isOlder" from texts_in join people p on p.id = person_id order by texts_in.id desc limit 1`,
    )
    expect(rows).toEqual([{ isOlder: false }])
  } finally {
    await database.drop()
    rmSync(dir, { recursive: true })
  }
})

test('what goes to the spool is dated by the database, by which her STOP is, not by a web process two hours ahead', async () => {
  const database = await freshDatabase()
  const dir = mkdtempSync(join(tmpdir(), 'text-action-spooling-'))
  try {
    let isAway = false
    const receive = createReceiver({ pool: database.pool, vault, queues, clock: systemClock })
    const spooling = createSpooling({
      ...{ id: 'web', pool: database.pool, spool: createFileSpool<SpooledText>(dir, vault), takeMs: 5_000 },
      receive: (text) => (isAway ? Promise.reject(new Error('away')) : receive(text)),
    })
    jest.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 7_200_000)
    await spooling.turn()
    isAway = true
    await spooling.take({
      ...{ messageSid: 'SM1', from: '+12055550100', body: 'WORK', mediaCount: 0, optOutType: null },
      receivedAt: new Date(Date.now()),
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    isAway = false
    await spooling.turn()
    const { rows } = await database.pool.query<{ ago: number }>(
      `select extract(epoch from clock_timestamp() - received_at)::float8 as ago from texts_in`,
    )
    expect(rows).toEqual([{ ago: expect.any(Number) as number }])
    expect(rows[0]?.ago).toBeGreaterThan(0.4)
  } finally {
    jest.restoreAllMocks()
    await database.drop()
    rmSync(dir, { recursive: true })
  }
})

test('whose text could be taken neither in nor to disk is told so; once Postgres is back everybody is heard, whatever the disk does', async () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'text-action-spooling-')), 'spool')
  let isAway = true
  const spooling = createSpooling({
    ...{ id: 'web', pool: {} as pg.Pool, spool: createFileSpool<SpooledText>(dir, vault), takeMs: 200 },
    receive: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()),
  })
  const help = (messageSid: string): HeardText => ({
    ...{ messageSid, from: '+12055550100', body: 'HELP', mediaCount: 0, optOutType: null },
    receivedAt: new Date(),
  })
  rmSync(dir, { recursive: true })
  writeFileSync(dir, 'a file where the folder was')
  await expect(spooling.take(help('SM1'))).rejects.toThrow()
  isAway = false
  await spooling.take(help('SM2'))
  rmSync(dir)
})

describe('a STOP that lies on disk', () => {
  let database: FreshDatabase
  let dir: string
  beforeEach(async () => {
    database = await freshDatabase()
    dir = mkdtempSync(join(tmpdir(), 'text-action-spooling-'))
  })
  afterEach(async () => {
    await database.drop()
    rmSync(dir, { recursive: true })
  })

  /** Texts taken in at once but for her STOP, which waits until it may. */
  function slowly() {
    let mayGo = false
    const receive = createReceiver({ pool: database.pool, vault, queues, clock: systemClock })
    const spooling = createSpooling({
      ...{ id: 'web', pool: database.pool, spool: createFileSpool<SpooledText>(dir, vault), takeMs: 200 },
      receive: async (text) => {
        while (text.body === 'STOP' && !mayGo) await new Promise((resolve) => setTimeout(resolve, 10))
        await receive(text)
      },
    })
    return { spooling, letGo: () => (mayGo = true) }
  }
  const stop = (messageSid: string): HeardText => ({
    ...{ messageSid, from: '+12055550100', body: 'STOP', mediaCount: 0, optOutType: null },
    receivedAt: new Date(),
  })
  /** Her STOP, refused for twelve turns and then no more: what lies on disk after them, and where she stands. */
  async function refusedTwelveTimes(refusal: () => Promise<unknown>): Promise<string[]> {
    let refused = 0
    const receive = createReceiver({ pool: database.pool, vault, queues, clock: systemClock })
    const spooling = createSpooling({
      ...{ id: 'web', pool: database.pool, spool: createFileSpool<SpooledText>(dir, vault), takeMs: 200 },
      receive: async (text) => {
        if (refused++ <= 12) await refusal()
        await receive(text)
      },
    })
    await spooling.take(stop('SM1'))
    for (let turn = 0; turn < 13; turn++) await spooling.turn().catch(() => undefined)
    const { rows } = await database.pool.query<{ standing: string }>('select standing from people')
    return [...readdirSync(dir), ...rows.map(({ standing }) => standing)]
  }

  test('waits for as long as somebody holds her row: no answer in time is no fault of hers', async () => {
    expect(await refusedTwelveTimes(() => Promise.reject(new Error('Query read timeout')))).toEqual(['left'])
  }, 60_000)

  test('waits while we lack a right in Postgres that somebody took from us', async () => {
    const refusal = `do $$ begin raise 'permission denied' using errcode = '42501'; end $$`
    expect(await refusedTwelveTimes(() => database.pool.query(refusal))).toEqual(['left'])
  }, 60_000)

  test('is set aside for a person to look at once Postgres has refused ten times what it holds', async () => {
    expect(await refusedTwelveTimes(() => database.pool.query(`select 'x'::int`))).toEqual(['set-aside'])
  }, 60_000)

  test('and so is one that our own code cannot take, lest nobody ever gets a text again', async () => {
    expect(await refusedTwelveTimes(() => Promise.reject(new TypeError('of ours')))).toEqual(['set-aside'])
  }, 60_000)

  test('and so is one that Node refuses, which gives its errors a code too', async () => {
    const noNumber = () => Promise.resolve().then(() => vault.hash(undefined as unknown as string))
    expect(await refusedTwelveTimes(noNumber)).toEqual(['set-aside'])
  }, 60_000)

  const isHeld = async () => {
    const { rows } = await database.pool.query<{ held: boolean }>(
      `select exists (select from serves s where ${mayHoldAStop('null', 'null')}) as held`,
    )
    return rows[0]?.held
  }

  test("does not wait for somebody else's row that cannot be had: hers does, and her later words behind it", async () => {
    const from = (n: number, body: string) => ({
      ...stop(`SM${n}${body}`),
      ...{ from: `+1205555010${n}`, body },
    })
    let isLocked = true
    const receive = createReceiver({ pool: database.pool, vault, queues, clock: systemClock })
    const spooling = createSpooling({
      ...{ id: 'web', pool: database.pool, spool: createFileSpool<SpooledText>(dir, vault), takeMs: 200 },
      receive: async (text) => {
        if (isLocked && text.body === 'WORK') throw new Error('Query read timeout')
        await receive(text)
      },
    })
    await spooling.take(from(1, 'WORK'))
    await spooling.take(from(1, '35020'))
    await spooling.take(from(2, 'STOP'))
    const recorded = async () => {
      const { rows } = await database.pool.query<{ sid: string }>(
        'select message_sid as sid from texts_in order by id',
      )
      return rows.map(({ sid }) => sid)
    }
    await expect(spooling.turn()).rejects.toThrow('Query read timeout')
    expect(await recorded()).toEqual(['SM2STOP'])
    expect(await isHeld()).toBe(true)
    isLocked = false
    await spooling.turn()
    expect(await recorded()).toEqual(['SM2STOP', 'SM1WORK', 'SM135020'])
    expect(await isHeld()).toBe(false)
  }, 30_000)

  test('is known to the workers before she is answered, though Postgres was there all the time', async () => {
    const { spooling, letGo } = slowly()
    await spooling.turn()
    expect(await isHeld()).toBe(false)
    await spooling.take(stop('SM1')) // given up after 200 ms
    expect(await isHeld()).toBe(true)
    letGo()
    await spooling.turn()
    expect(await isHeld()).toBe(false)
  })

  test('is known to them though an earlier word of this web process hangs on a connection that is dead', async () => {
    let isFirst = true
    const query = (asked: string | pg.QueryConfig, values?: unknown[]) => {
      const hangs = isFirst && typeof asked !== 'string' && asked.name === 'report-serve'
      if (hangs) isFirst = false
      return hangs ? new Promise(() => undefined) : database.pool.query(asked as string, values)
    }
    const spooling = createSpooling({
      ...{ id: 'web', pool: { query } as unknown as pg.Pool, takeMs: 200 },
      spool: createFileSpool<SpooledText>(dir, vault),
      receive: () => new Promise(() => undefined),
    })
    void spooling.turn()
    while (isFirst) await new Promise((resolve) => setTimeout(resolve, 10))
    await spooling.take(stop('SM1'))
    expect(await isHeld()).toBe(true)
  }, 20_000)

  test('of a web process that alone is cut off is answered once its silence is known, and a claim from before has ended', async () => {
    const away = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
    const spooling = createSpooling({
      ...{ id: 'web', pool: { query: away } as unknown as pg.Pool, takeMs: 200 },
      ...{ spool: createFileSpool<SpooledText>(dir, vault), receive: away },
    })
    const begun = performance.now()
    await spooling.take(stop('SM1'))
    expect(performance.now() - begun).toBeGreaterThanOrEqual(LIMITS.silentMs + LIMITS.fenceMs)
    expect(performance.now() - begun).toBeLessThan(10_000)
  }, 20_000)

  test('keeps the workers back for as long as it takes to bring in what lies before it', async () => {
    const before = slowly()
    await before.spooling.take(stop('SM1'))
    await new Promise((resolve) => setTimeout(resolve, 3_100)) // a spool that another process left is taken once it is quiet
    await database.pool.query('delete from serves')
    const after = slowly()
    const turn = after.spooling.turn()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await isHeld()).toBe(true)
    after.letGo()
    await turn
    expect(await isHeld()).toBe(false)
    before.letGo()
  })

  test('keeps the workers back however long that takes: who says nothing for a minute would count as dead', async () => {
    const before = slowly()
    await before.spooling.take(stop('SM1'))
    await new Promise((resolve) => setTimeout(resolve, 3_100)) // a spool that another process left is taken once it is quiet
    const after = slowly()
    const turn = after.spooling.turn()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const minutesLater = `update serves set seen_at = seen_at - interval '2 minutes'`
    await database.pool.query(minutesLater)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const { rows } = await database.pool.query(
      `select drained_at, seen_at > now() - interval '1 minute' as alive from serves`,
    )
    expect(rows).toEqual([{ drained_at: null, alive: true }])
    after.letGo()
    await turn
    expect(await isHeld()).toBe(false)
    before.letGo()
  })

  test('of a web process that was killed keeps nobody back once another has brought it in', async () => {
    const web = (receive: (text: InboundText) => Promise<void>) => {
      const spool = createFileSpool<SpooledText>(dir, vault)
      return createSpooling({ id: spool.name, pool: database.pool, spool, takeMs: 200, receive })
    }
    const killed = web(() => new Promise(() => undefined))
    await killed.take(stop('SM1'))
    await database.pool.query(`update serves set seen_at = seen_at - interval '1 minute'`)
    await new Promise((resolve) => setTimeout(resolve, 3_100)) // its spool is taken once it is quiet
    const next = web(createReceiver({ pool: database.pool, vault, queues, clock: systemClock }))
    await next.turn()
    const { rows } = await database.pool.query('select standing from people')
    expect(rows).toEqual([{ standing: 'left' }])
    expect(await isHeld()).toBe(false)
  })

  test('of one that lives and shares the folder holds for as long as it says so, whoever brings its texts in', async () => {
    const spool = createFileSpool<SpooledText>(dir, vault)
    const receive = () => new Promise<void>(() => undefined)
    await createSpooling({ id: spool.name, pool: database.pool, spool, takeMs: 200, receive }).take(
      stop('SM1'),
    )
    await new Promise((resolve) => setTimeout(resolve, 3_100))
    await database.pool.query('update serves set seen_at = now()')
    const next = slowly()
    next.letGo()
    await next.spooling.turn()
    expect(await isHeld()).toBe(true)
  })

  describe('or none, as the disk can tell when Postgres cannot', () => {
    const web = () => {
      const spool = createFileSpool<SpooledText>(dir, vault)
      const receive = createReceiver({ pool: database.pool, vault, queues, clock: systemClock })
      return {
        id: spool.name,
        spool,
        ...createSpooling({ id: spool.name, pool: database.pool, spool, receive }),
      }
    }
    const serves = async () => {
      const { rows } = await database.pool.query<{ id: string }>('select id from serves order by id')
      return rows.map(({ id }) => id)
    }

    test('a web process that was killed with nothing spooled keeps nobody back, once the next one on its folder is up', async () => {
      const killed = web()
      await killed.spool.sayAlive()
      await killed.turn()
      const next = web()
      await next.turn()
      expect(await serves()).toEqual([killed.id, next.id])
      await new Promise((resolve) => setTimeout(resolve, 3_100))
      await next.turn()
      expect(await serves()).toEqual([next.id])
    })

    test('one that lives but is cut off from Postgres does, though another has brought in what it had spooled', async () => {
      const living = web()
      await living.turn()
      await living.spool.append({ ...stop('SM1'), receivedAt: new Date().toISOString() })
      await new Promise((resolve) => setTimeout(resolve, 3_100))
      await living.spool.sayAlive()
      await database.pool.query(`update serves set seen_at = seen_at - interval '30 seconds'`)
      const next = web()
      await next.turn()
      const { rows } = await database.pool.query('select standing from people')
      expect(rows).toEqual([{ standing: 'left' }])
      expect(await serves()).toEqual([living.id, next.id])
    })

    test('one that stops in good order leaves nothing behind, in Postgres or on disk', async () => {
      const one = web()
      await one.spool.sayAlive()
      await one.turn()
      expect(readdirSync(dir)).toHaveLength(1)
      await one.close()
      expect(await serves()).toEqual([])
      expect(readdirSync(dir)).toEqual([])
    })
  })
})
