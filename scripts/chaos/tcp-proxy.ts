import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** Bytes a client sends, seen before they are passed on; true: pass them and then reset the connection. */
type Watch = (chunk: Buffer) => boolean

export type TcpProxy = {
  port: number
  /** Where connections go from now on, by turns. */
  aimAt(...ports: number[]): void
  /** Nobody listens: a connection is refused before a byte. */
  refuse(): Promise<void>
  listen(): Promise<void>
  /** Bytes are taken and go nowhere, on old connections and new ones: a half-open network. */
  blackHole(on: boolean): void
  /** Every chunk waits so long. */
  delay(ms: number): void
  /** Resets every connection there is. */
  reset(): number
  cutWhen(watch: Watch | null): void
  close(): Promise<void>
}

/** A road between two programs that can be cut, stretched and closed. */
export async function openTcpProxy(...targets: number[]): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let aims = targets
  let turn = 0
  let hole = false
  let delayMs = 0
  let watch: Watch | null = null
  let port = 0
  let server: Server

  function join(client: Socket): void {
    const upstream = connect(aims[turn++ % aims.length] ?? 0, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      for (const socket of pair) if (!socket.destroyed) socket.resetAndDestroy()
    }
    pass(client, upstream, (chunk) => watch?.(chunk) ?? false, end)
    pass(upstream, client, () => false, end)
  }

  function pass(from: Socket, to: Socket, cut: Watch, end: () => void): void {
    from.setNoDelay(true)
    from.on('data', (chunk: Buffer) => {
      if (hole) return
      const go = () => {
        const last = cut(chunk)
        to.write(chunk)
        // Time for the bytes to arrive, none for the answer to come back through here.
        if (last) from.pause().removeAllListeners('data')
        if (last) setTimeout(end, 30)
      }
      if (delayMs > 0) setTimeout(go, delayMs)
      else go()
    })
    from.on('end', () => to.end())
    from.on('error', end)
    from.on('close', end)
  }

  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server = createServer(join)
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  const reset = () => {
    const count = pairs.size
    for (const [client, upstream] of [...pairs]) {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    pairs.clear()
    return count
  }
  const refuse = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    reset()
    await closed
  }
  await listen()
  return {
    get port() {
      return port
    },
    aimAt: (...ports) => (aims = ports),
    refuse,
    listen,
    blackHole: (on) => (hole = on),
    delay: (ms) => (delayMs = ms),
    reset,
    cutWhen: (next) => (watch = next),
    close: refuse,
  }
}
