import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export type Balancer = {
  port: number
  url: string
  to(ports: readonly number[]): void
  close(): Promise<void>
}

/** What stands in front of several web processes: each connection goes to the next of them that takes it. */
export async function startBalancer(): Promise<Balancer> {
  let targets: readonly number[] = []
  let next = 0
  const sockets = new Set<Socket>()
  const pass = (client: Socket, tries: number): void => {
    const port = targets[next++ % targets.length]
    if (port === undefined || tries === 0) return void client.destroy()
    const upstream = connect(port, '127.0.0.1')
    sockets.add(upstream)
    let isOpen = false
    upstream.once('connect', () => {
      isOpen = true
      client.pipe(upstream).pipe(client)
    })
    upstream.once('error', () => (isOpen ? client.destroy() : pass(client, tries - 1)))
    upstream.once('close', () => {
      sockets.delete(upstream)
      if (isOpen) client.destroy()
    })
    client.once('close', () => upstream.destroy())
  }
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => client.destroy())
    client.once('close', () => sockets.delete(client))
    pass(client, targets.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    to: (ports) => (targets = ports),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
