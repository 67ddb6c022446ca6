import { join } from 'node:path'
import type pg from 'pg'
import { loadActions } from './adapters/action-files.js'
import { emptyGround, isLocal, localDefaults, noTrial, readDevState } from './adapters/local-files.js'
import { lookAtPublicUrl } from './adapters/public-url.js'
import { lookAtRedis } from './adapters/redis-look.js'
import { openStores, type Stores } from './adapters/stores.js'
import { lookAtTwilio } from './adapters/twilio-account.js'
import { createVault } from './adapters/vault.js'
import type { Running } from './app.js'
import { inspectConfig, type Config, type LocalDefaults } from './config.js'
import { checkTable } from './congress/check.js'
import { tableInForce } from './congress/in-force.js'
import { mainAction } from './conversation/answering.js'
import { languageWord } from './conversation/check-action.js'
import { ADDITION_NAMES, TEXT_NAMES } from './conversation/text-names.js'
import { knownFingerprint } from './db/deployment.js'
import { liveServes, readGauges } from './db/gauges.js'
import { optOutTraces, readServer, someSealedPhone } from './db/health.js'
import { expectedSchema, schemaVersion } from './db/migrate.js'
import { openPool } from './db/pool.js'
import { currentTable } from './db/senators.js'
import { databaseNow } from './db/serves.js'
import { OperatorError } from './errors.js'
import { IDENTITY_HEADER } from './http/health-routes.js'
import { WEBHOOK_RETRIES } from './limits.js'
import * as judge from './observability/diagnosis.js'
import * as road from './observability/diagnosis-road.js'
import { endpointOf, outageWords } from './observability/outage.js'
import { identityOf } from './serve.js'
import { isTwilio } from './settings.js'

export type Check = { name: string; label: string; verdict: Promise<judge.Verdict> }

export type Examination = Running & {
  checks: readonly Check[]
  /** To paste into Twilio. */
  webhookUrl: string
  /** What is wrong with the environment itself. */
  faults: readonly string[]
}

const PATIENCE_MS = 5_000
const OVERALL_MS = 12_000
const HANGS = 'it runs and hangs: end it (kill -9), and start it again'

/** Looks at everything Text Action stands on. Each check stands alone and ends in time, whatever else is broken. */
export function examine(env: NodeJS.ProcessEnv): Examination {
  const { config, faults, isLocal, empty } = settings(env)
  const isLive = isTwilio(config.twilio.apiUrl)
  const vault = config.phoneKey === '' ? null : createVault(config.phoneKey)
  const webhook = `${config.publicUrl}/webhooks/twilio/message`
  const stores = openEach(env, config, empty)
  const pool = stores.postgres.then(({ url }) =>
    openPool(url, { max: 4, name: 'textaction doctor', statementTimeoutMs: PATIENCE_MS }),
  )
  const ask = async <T>(question: (pool: pg.Pool) => Promise<T>): Promise<judge.Answer<T>> => {
    const where = await stores.postgres.then(
      ({ url }) => `Postgres at ${endpointOf(url)}`,
      () => 'Postgres',
    )
    return answered(where, async () => question(await pool))
  }
  // One look at Twilio answers three checks.
  const twilio = answered(endpointOf(config.twilio.apiUrl), () =>
    lookAtTwilio(config.twilio, isLive, AbortSignal.timeout(PATIENCE_MS)),
  )

  const checks: Record<string, () => Promise<judge.Verdict>> = {
    Postgres: async () => judge.judgePostgres(await ask((db) => postgresFacts(db, isOurs(env, config)))),
    Redis: async () => {
      const where = await stores.redis.then(
        ({ urls }) => `Redis at ${urls.map(endpointOf).join(', ')}`,
        () => 'Redis',
      )
      return judge.judgeRedis(
        await answered(where, async () => lookAtRedis((await stores.redis).urls, PATIENCE_MS)),
      )
    },
    'Phone key': async () => {
      if (empty !== null && vault === null) return judge.unknown('not looked at: there are no people here')
      const people = await ask((db) => keyFacts(db, vault))
      const file = isLocal && !env['PHONE_KEY'] ? join(config.dataDir, 'phone.key') : null
      return judge.judgeKey({ fingerprint: vault?.fingerprint ?? null, file, people })
    },
    Actions: async () =>
      judge.judgeActions(await answered('', () => Promise.resolve(actionFacts(config))), isLive),
    Senators: async () => {
      const stored = await ask(currentTable)
      const table = tableInForce(stored.ok ? stored.value : null)
      const source = stored.ok && stored.value === table ? 'stored' : 'bundled'
      return judge.judgeSenators(table.senators.length, checkTable(table, new Date()), source)
    },
    Clock: async () => {
      const [database, look] = await Promise.all([ask(clockOffset), twilio])
      return road.judgeClock({
        database: database.ok ? database.value : null,
        twilio: look.ok ? look.value.clockSeconds : null,
      })
    },
    'Public URL': async () => {
      const known = await ask(knownFingerprint)
      // With another key nobody can tell whether it is this deployment; that the key is wrong stands in its own line.
      const isRight =
        vault !== null && (!known.ok || known.value === null || known.value === vault.fingerprint)
      return road.judgePublicUrl({
        url: config.publicUrl,
        isLive,
        isLocal,
        answer: await publicUrlFacts(config, isRight ? identityOf(vault) : null),
      })
    },
    Sender: async () => {
      const [look, traces] = await Promise.all([twilio, ask(optOutTraces)])
      const { isOwn, service } = look.ok ? look.value : { isOwn: null, service: 'untold' as const }
      const account = look.ok ? { ok: true as const, value: look.value.account } : look
      const { sender, apiUrl } = config.twilio
      return road.judgeSender({
        sender,
        apiUrl,
        isLive,
        isLocal,
        account,
        service,
        isOwn,
        traces,
        now: new Date(),
      })
    },
    Deployment: async () => {
      const [look, serves] = await Promise.all([twilio, ask(liveServes)])
      const twilioCalls = look.ok ? look.value.calls : null
      return road.judgeDeployment({ publicUrl: config.publicUrl, webhookUrl: webhook, serves, twilioCalls })
    },
    Texts: async () => judge.judgeTexts(await ask(readGauges)),
  }
  const started = Object.entries(checks).map(([label, check]) => ({
    name: label.toLowerCase().replace(' ', '-'),
    label,
    verdict: inTime(check()),
  }))
  return {
    checks: started,
    webhookUrl: `${webhook}${WEBHOOK_RETRIES}`,
    faults,
    async close() {
      await Promise.allSettled(started.map(({ verdict }) => verdict))
      await pool.then(
        (db) => db.end(),
        () => undefined,
      )
      await stores.close()
    },
  }
}

/** The trial in DATA_DIR, as dev makes it, or a deployment whose every part the environment names. */
function settings(env: NodeJS.ProcessEnv) {
  const dataDir = env['DATA_DIR'] || '.data'
  const dev = readDevState(dataDir)
  const isTrial = isLocal(env)
  const given = isTrial && dev !== null ? { ...env, PORT: env['PORT'] || String(dev.port) } : env
  const empty = emptyGround(env)
  const local = !isTrial ? {} : empty === null ? localDefaults(dataDir) : NOWHERE
  const { config, faults } = inspectConfig(given, local)
  const told = empty === null ? faults : [noTrial(empty), ...(isTrial ? [] : faults)]
  return { config, faults: told, isLocal: isTrial, empty }
}

/** Where there is no trial to read them from: to look makes none. */
const NOWHERE: LocalDefaults = {
  twilio: { accountSid: '', authToken: '', apiUrl: 'http://127.0.0.1:3001' },
}

const isOurs = (env: NodeJS.ProcessEnv, config: Config) => config.databaseUrl === null && !env['DATABASE_URL']

/** Postgres and Redis each on their own: one that does not start must not hide the other. */
function openEach(env: NodeJS.ProcessEnv, config: Config, empty: string | null) {
  const opened: Promise<Stores>[] = []
  const open = (databaseUrl: string | null, redisUrls: readonly string[] | null, name: string) => {
    // A faulty address is no reason to look at a server of our own.
    if (env[name] && (name === 'DATABASE_URL' ? databaseUrl : redisUrls) === null)
      return Promise.reject<Stores>(new OperatorError(`${name} is wrong`))
    if (empty !== null && (databaseUrl === null || redisUrls === null))
      return Promise.reject<Stores>(
        new OperatorError(`there is none in ${empty}. Set ${name}, or run npm start`),
      )
    const stores = openStores({ databaseUrl, redisUrls, dataDir: config.dataDir })
    opened.push(stores)
    return stores
  }
  const postgres = open(config.databaseUrl, [], 'DATABASE_URL').then(({ databaseUrl }) => ({
    url: databaseUrl,
  }))
  const redis = open('', config.redisUrls, 'REDIS_URL').then(({ redisUrls }) => ({ urls: redisUrls }))
  for (const one of [postgres, redis]) one.catch(() => undefined) // each check says so itself
  return {
    postgres,
    redis,
    async close() {
      for (const one of await Promise.allSettled(opened))
        if (one.status === 'fulfilled') await one.value.close()
    },
  }
}

async function answered<T>(subject: string, question: () => Promise<T>): Promise<judge.Answer<T>> {
  try {
    return { ok: true, value: await question() }
  } catch (error) {
    return {
      ok: false,
      why: error instanceof OperatorError ? oneLine(error.message) : outageWords(subject, error),
    }
  }
}

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '')

/** No check keeps the others waiting, and none throws. */
function inTime(check: Promise<judge.Verdict>): Promise<judge.Verdict> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<judge.Verdict>((resolve) => {
    timer = setTimeout(
      () => resolve({ level: 'fail', text: `no answer in ${OVERALL_MS / 1_000} s`, mend: [HANGS] }),
      OVERALL_MS,
    )
  })
  const safe = check.catch((error: unknown): judge.Verdict => ({
    level: 'fail',
    text: outageWords('it', error),
    mend: [],
  }))
  return Promise.race([safe, late]).finally(() => clearTimeout(timer))
}

async function postgresFacts(pool: pg.Pool, isOurs: boolean): Promise<judge.PostgresFacts> {
  await pool.query('select 1') // the connection itself is not what is measured
  const startedMs = performance.now()
  const facts = await readServer(pool)
  const ms = Math.max(1, Math.round(performance.now() - startedMs))
  return { ...facts, ms, schema: await schemaVersion(pool), expected: expectedSchema(), isOurs }
}

async function keyFacts(pool: pg.Pool, vault: ReturnType<typeof createVault> | null) {
  if ((await schemaVersion(pool)) === 0) return { known: null, opens: null }
  const [known, sealed] = await Promise.all([knownFingerprint(pool), someSealedPhone(pool)])
  return { known, opens: sealed === null || vault === null ? null : opens(vault, sealed) }
}

function opens(vault: Pick<ReturnType<typeof createVault>, 'open'>, sealed: Buffer): boolean {
  try {
    return vault.open(sealed).length > 0
  } catch {
    return false
  }
}

function actionFacts(config: Config): judge.ActionsFacts {
  const actions = loadActions(config.actionsDir)
  const languages = [...new Set(actions.flatMap((action) => action.languages))]
  return {
    files: actions.length,
    texts: (TEXT_NAMES.length + ADDITION_NAMES.length) * actions.length,
    languages: languages.map(languageWord),
    main: actions.length > 1 ? mainAction(actions).name : null,
    exampleContacts: actions
      .filter(({ contact }) => /@(?:[^@]*\.)?example\.(?:org|com|net)$/i.test(contact))
      .map(({ name }) => name),
  }
}

async function clockOffset(pool: pg.Pool): Promise<number> {
  const askedMs = Date.now()
  const theirs = await databaseNow(pool)
  return (theirs.getTime() - (askedMs + Date.now()) / 2) / 1_000
}

async function publicUrlFacts(
  { publicUrl }: Config,
  identity: string | null,
): Promise<road.PublicUrlFacts['answer']> {
  try {
    const look = await lookAtPublicUrl(publicUrl, IDENTITY_HEADER, AbortSignal.timeout(PATIENCE_MS))
    return { ok: true, value: { ...look, isOurs: identity === null ? null : look.identity === identity } }
  } catch (error) {
    const why = outageWords(publicUrl, error)
    return {
      ok: false,
      why: why.endsWith('in time') ? `no answer from ${publicUrl} in ${PATIENCE_MS / 1_000} s` : why,
    }
  }
}
