import type { JournalEntry } from '../../src/simulator/journal.js'
import type { World } from './world.js'

export type Finding = { breaks: string; what: string }

type Post = Extract<JournalEntry, { kind: 'post' }>
type Inbound = Extract<JournalEntry, { kind: 'inbound' }>

const REF = /\/status\/(\d+)-(\d+)\//
// Arrivals of POSTs bunch up on a busy machine; the promise is about tokens, by Redis's clock.
const RATE_SLACK = 1.5

/** Compares what reached Twilio with what the ledger says. Nothing: every promise held. */
export async function judge(world: World): Promise<Finding[]> {
  const findings: Finding[] = []
  const broken = (breaks: string, what: string) => findings.push({ breaks, what })
  const journal = world.simulator.journal.read(['post', 'inbound'])
  const reached = journal.filter(
    (entry): entry is Post => entry.kind === 'post' && entry.outcome !== 'rate-limited',
  )
  const inbound = journal.filter((entry): entry is Inbound => entry.kind === 'inbound')

  await oncePerPerson(world, reached, broken)
  await everybodyCounted(world, reached, broken)
  await nothingAfterStop(world, reached, inbound, broken)
  await eachTextOnce(world, inbound, broken)
  const worst = worstSecond(reached)
  if (worst > world.rate * RATE_SLACK + 1)
    broken('I4', `${worst} segments in one second at ${world.rate} a second`)

  const { rows } = await world.pool.query<{ doubt: number; unsent: number }>(
    `select count(*) filter (where status = 'in_doubt') as doubt, count(*) filter (where status = 'not_sent') as unsent from texts_out`,
  )
  world.figures['posts'] = reached.length
  world.figures['not sent'] = rows[0]?.unsent ?? 0
  world.figures['worst second'] = worst
  return findings
}

type Broken = (breaks: string, what: string) => void

/** I1: a blast's text reaches Twilio once; an answer twice at most, and twice only where the first was in doubt. */
async function oncePerPerson(world: World, reached: readonly Post[], broken: Broken): Promise<void> {
  const times = new Map<string, number>()
  for (const post of reached) {
    const ref = REF.exec(post.callback)
    if (!ref) broken('I1', 'a text without our id in its callback URL')
    else times.set(`${ref[1]}-${ref[2]}`, (times.get(`${ref[1]}-${ref[2]}`) ?? 0) + 1)
  }
  let twice = 0
  for (const [ref, count] of times) {
    const isBlast = !ref.startsWith('0-')
    if (count > (isBlast ? 1 : 2)) twice++
    if (isBlast || count !== 2) continue
    const { rows } = await world.pool.query(
      'select from texts_out where blast_id = 0 and number = $1 and doubt_polls >= 2',
      [Number(ref.slice(2))],
    )
    if (rows.length === 0) twice++
  }
  world.figures['duplicates'] = twice
  if (twice > 0) broken('I1', `${twice} texts were sent twice`)
  const bodies = new Map<string, Set<string>>()
  for (const post of reached) {
    const blast = REF.exec(post.callback)?.[1] ?? '0'
    if (blast === '0') continue
    const key = `${blast} ${post.to}`
    bodies.set(key, (bodies.get(key) ?? new Set()).add(post.callback))
  }
  const twoRows = [...bodies.values()].filter((urls) => urls.size > 1).length
  if (twoRows > 0) broken('I1', `${twoRows} people had two rows of one blast`)
}

/** I2: everybody of the audience in one counted state, and the ledger agrees with the journal on who was reached. */
async function everybodyCounted(world: World, reached: readonly Post[], broken: Broken): Promise<void> {
  const { rows: blasts } = await world.pool.query<{
    id: number
    people: number
    rows: number
    open: number
    fanned: number
  }>(
    `select b.id, b.people, b.fanned_out as fanned, count(t.number) as rows,
            count(t.number) filter (where t.status in ('pending', 'claimed')) as open
       from blasts b left join texts_out t on t.blast_id = b.id where b.started_at is not null group by b.id`,
  )
  for (const blast of blasts) {
    if (blast.rows !== blast.fanned)
      broken('I2', `blast ${blast.id}: ${blast.fanned} fanned out, ${blast.rows} rows`)
    if (world.figures['stays open'] === undefined && blast.rows !== blast.people)
      broken('I2', `blast ${blast.id}: ${blast.people} people, ${blast.rows} rows`)
    if (world.figures['stays open'] === undefined && blast.open > 0)
      broken('I2', `blast ${blast.id}: ${blast.open} texts are still open`)
  }
  const { rows: states } = await world.pool.query<{ ref: string; status: string; sid: string | null }>(
    `select blast_id || '-' || number as ref, status, message_sid as sid from texts_out`,
  )
  const byRef = new Map(states.map((row) => [row.ref, row]))
  const taken = new Set<string>()
  let untold = 0
  for (const post of reached) {
    const match = REF.exec(post.callback)
    const ref = `${match?.[1]}-${match?.[2]}`
    if (post.sid === null) continue
    taken.add(ref)
    const row = byRef.get(ref)
    if (
      !row ||
      ['pending', 'claimed', 'not_sent', 'cancelled', 'opted_out', 'capped', 'expired'].includes(row.status)
    )
      untold++
  }
  if (untold > 0) broken('I2', `${untold} texts reached Twilio, and the ledger says that they did not`)
  const ghosts = states.filter(
    ({ ref, status }) => ['accepted', 'sent', 'delivered', 'undelivered'].includes(status) && !taken.has(ref),
  ).length
  if (ghosts > 0) broken('I2', `${ghosts} texts are accepted in the ledger, and Twilio never saw them`)
}

/** I3: after a STOP's 200 nothing but what answers texts she sent with it or later; no claim after its commit. */
async function nothingAfterStop(
  world: World,
  reached: readonly Post[],
  inbound: readonly Inbound[],
  broken: Broken,
): Promise<void> {
  const stopped = new Map<string, { since: number; sid: string }>()
  for (const { from, body, http, answeredAt, sid } of inbound)
    if (/^\s*stop\s*$/i.test(body) && http === 200 && answeredAt < (stopped.get(from)?.since ?? Infinity))
      stopped.set(from, { since: answeredAt, sid })
  // A STOP that waits in a spool is answered before it is judged; blasts are held until it is.
  let after = 0
  let last = ''
  const late = (post: Post, since: number) => {
    after++
    last = `text ${REF.exec(post.callback)?.slice(1, 3).join('-')}, ${Math.round(post.at - since)} ms later`
  }
  for (const post of reached) {
    const stop = stopped.get(post.to)
    if (!stop || post.at <= stop.since) continue
    const { since, sid } = stop
    const ref = REF.exec(post.callback)
    if (ref?.[1] !== '0') late(post, since)
    else {
      const { rows } = await world.pool.query(
        `select from texts_out where blast_id = 0 and number = $1
            and coalesce(in_reply_to, 0) < (select id from texts_in where message_sid = $2)`,
        [Number(ref[2]), sid],
      )
      if (rows.length > 0) late(post, since)
    }
  }
  const { rows } = await world.pool.query<{ n: number }>(
    `select count(*) as n from texts_out t join people p on p.id = t.number join consents c on c.person_id = p.id and c.kind = 'left'
      where t.blast_id <> 0 and t.claimed_at > c.at and p.standing = 'left'`,
  )
  world.figures['after STOP'] = after + (rows[0]?.n ?? 0)
  if (after > 0) broken('I3', `${after} texts reached Twilio after the STOP was answered: ${last}`)
  if ((rows[0]?.n ?? 0) > 0) broken('I3', `${rows[0]?.n} texts were claimed after the STOP had committed`)
}

/** I5: every text answered with 200 is recorded and applied once; each answer to it is one row. */
async function eachTextOnce(world: World, inbound: readonly Inbound[], broken: Broken): Promise<void> {
  const acknowledged = [...new Set(inbound.filter(({ http }) => http === 200).map(({ sid }) => sid))]
  const { rows } = await world.pool.query<{ n: number; applied: number }>(
    `select count(*) as n, count(applied_at) as applied from texts_in where message_sid = any ($1)`,
    [acknowledged],
  )
  const lost = acknowledged.length - (rows[0]?.n ?? 0)
  world.figures['lost'] = lost
  if (lost > 0) broken('I5', `${lost} texts answered with 200 are not on record`)
  if ((rows[0]?.applied ?? 0) < (rows[0]?.n ?? 0)) broken('I5', 'texts on record were not applied')
  const { rows: doubles } = await world.pool.query<{ n: number }>(
    `select count(*) as n from (select in_reply_to, kind from texts_out where blast_id = 0 and in_reply_to is not null
       group by 1, 2 having count(*) > 1) d`,
  )
  if ((doubles[0]?.n ?? 0) > 0) broken('I5', `${doubles[0]?.n} texts were answered twice`)
}

function worstSecond(reached: readonly Post[]): number {
  const posts = reached.toSorted((a, b) => a.at - b.at)
  let worst = 0
  let sum = 0
  for (let last = 0, first = 0; last < posts.length; last++) {
    const now = posts[last]
    if (!now) continue
    sum += now.segments
    for (; (posts[first]?.at ?? now.at) <= now.at - 1_000; first++) sum -= posts[first]?.segments ?? 0
    worst = Math.max(worst, sum)
  }
  return worst
}
