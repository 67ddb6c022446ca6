import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { runCli, startHelper } from './processes.mjs'
import { interleave } from './rounds.mjs'
import { significant } from './statistics.mjs'
import { phoneOf } from './webhooks.mjs'

const WARM_UP_ROWS = 20_000
const ZIPS = ['35020', '10001', '60601', '80202', '90001', '98101', '25301', '73301', '33101', '48201']

/**
 * Rows a second of `people import`, file to commit, against COPY of ready rows into the same two tables. The raw numbers also
 * hold COPY into one table with nothing but its primary key.
 */
export const imports = {
  id: 'B13b',
  what: 'people import, rows/s, file to commit / bare COPY into the same tables',
  goal: 0.35,
  async run(ground) {
    const rows = ground.quick ? 60_000 : 1_000_000
    const copier = await startHelper('copy.mjs', { pinned: false })
    const file = join(ground.dir, 'people.csv')
    const copied = async (count, same) => {
      const database = await ground.freshDatabase()
      const { seconds } = await copier.ask('copy', { url: database.url, count, same })
      await database.drop()
      return count / seconds
    }
    const bare = (round) => copied(round === 0 ? WARM_UP_ROWS : rows, true)
    const own = async (round) => {
      const count = round === 0 ? WARM_UP_ROWS : rows
      writePeople(file, count)
      const deployment = await ground.deploy()
      const begun = performance.now()
      await runCli(['people', 'import', file, '--consent', 'A list made for this bench'], deployment.settings)
      const seconds = (performance.now() - begun) / 1_000
      await deployment.close()
      return count / seconds
    }
    try {
      const { ratio, pairs } = await interleave(3, bare, own)
      const plain = significant(await copied(rows, false))
      return { ratio, raw: [{ rows }, ...pairs, { 'into a table with only its primary key': plain }] }
    } finally {
      await copier.end()
      rmSync(file, { force: true })
    }
  },
}

function writePeople(file, count) {
  const fd = openSync(file, 'w')
  writeSync(fd, 'phone,zip,language\n')
  for (let first = 0; first < count; first += 10_000) {
    let lines = ''
    for (let n = first; n < Math.min(count, first + 10_000); n++)
      lines += `${phoneOf(n)},${ZIPS[n % ZIPS.length]},${n % 10 === 0 ? 'es' : 'en'}\n`
    writeSync(fd, lines)
  }
  closeSync(fd)
}
