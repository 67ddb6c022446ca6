import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.js'

const SLOTS = 16_384
const BUS = 10_000 // a node talks to the others on its port + 10,000
const PATIENCE_MS = 20_000

type Node = { port: number; client: Redis; process: ChildProcess }

export type RedisCluster = {
  /** REDIS_URL: the masters, with commas between. */
  url: string
  masters: readonly Node[]
  /** Ends a master at once; resolves when its replica has taken over. */
  failOver(master: Node): Promise<void>
  remove(): Promise<void>
}

/** A Redis Cluster on loopback: three masters, a replica each, a node timeout of a second. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const dir = mkdtempSync(join(tmpdir(), 'text-action-cluster-'))
  const nodes: Node[] = []
  for (let index = 0; index < 6; index++) nodes.push(await startNode(join(dir, String(index))))
  const [a, b, c] = nodes
  if (!a || !b || !c) throw new Error('no nodes')
  const masters = [a, b, c]
  await Promise.all(
    masters.map(({ client }, index) => {
      const from = Math.ceil((SLOTS * index) / 3)
      const slots = Array.from({ length: Math.ceil((SLOTS * (index + 1)) / 3) - from }, (_, at) => from + at)
      return client.cluster('ADDSLOTS', slots.map(String))
    }),
  )
  for (const { port } of nodes.slice(1)) await a.client.cluster('MEET', '127.0.0.1', port)
  await until('all nodes know each other', async () =>
    (await Promise.all(nodes.map(({ client }) => client.cluster('INFO')))).every((info) =>
      String(info).includes('cluster_known_nodes:6'),
    ),
  )
  for (const [index, { client }] of nodes.slice(3).entries()) {
    const id = String(await masters[index]?.client.cluster('MYID'))
    await until('the replica knows its master', () =>
      client.cluster('REPLICATE', id).then(
        () => true,
        () => false,
      ),
    )
  }
  const isWell = async (among: readonly Node[]) =>
    (await Promise.all(among.map(({ client }) => client.cluster('INFO')))).every((info) =>
      String(info).includes('cluster_state:ok'),
    )
  await until('the cluster is well', () => isWell(nodes))
  await until('every replica has its data', async () =>
    (await Promise.all(nodes.slice(3).map(({ client }) => client.info('replication')))).every((info) =>
      info.includes('master_link_status:up'),
    ),
  )
  return {
    url: masters.map(({ port }) => `redis://127.0.0.1:${port}`).join(','),
    masters,
    async failOver(master) {
      const replica = nodes[3 + masters.indexOf(master)]
      if (!replica) throw new Error('no such master')
      await end(master)
      await until('the replica has taken over', async () =>
        (await replica.client.info('replication')).includes('role:master'),
      )
      await until('the cluster is well again', () =>
        isWell(nodes.filter(({ process: server }) => server.signalCode === null)),
      )
    },
    async remove() {
      await Promise.all(nodes.map(end))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function startNode(dir: string): Promise<Node> {
  mkdirSync(dir)
  let port = await freePort()
  while (port + BUS > 65_535) port = await freePort()
  const server = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'yes'],
      ...[
        '--cluster-enabled',
        'yes',
        '--cluster-node-timeout',
        '1000',
        '--cluster-replica-validity-factor',
        '0',
      ],
    ],
    { stdio: 'ignore' },
  )
  const client = new Redis(`redis://127.0.0.1:${port}`, {
    maxRetriesPerRequest: null,
    retryStrategy: () => 50,
  })
  client.on('error', () => undefined)
  await client.ping()
  return { port, client, process: server }
}

async function end({ client, process: server }: Node): Promise<void> {
  client.disconnect()
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = once(server, 'exit')
  server.kill('SIGKILL')
  await exited
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await holds().catch(() => false));) {
    if (Date.now() > deadline) throw new Error(`not in ${PATIENCE_MS} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
