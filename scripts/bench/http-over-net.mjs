// HTTP/1.1 with nothing between it and the socket: load and fakes must cost less than what they measure.
import net from 'node:net'

/** Cuts a byte stream into messages with a Content-Length. onMessage gets head and body as latin1 text. */
export function messages(onMessage) {
  let rest = ''
  return (chunk) => {
    rest = rest === '' ? chunk.latin1Slice() : rest + chunk.latin1Slice()
    for (;;) {
      const headEnd = rest.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const head = rest.slice(0, headEnd)
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      const end = headEnd + 4 + length
      if (rest.length < end) return
      const body = rest.slice(headEnd + 4, end)
      rest = rest.length === end ? '' : rest.slice(end)
      onMessage(head, body)
    }
  }
}

/** Listens on a free port of loopback; handle(head, body, answer) answers every request. */
export function serveOverNet(handle) {
  const server = net.createServer((socket) => {
    socket.setNoDelay(true)
    const answer = (text) => socket.destroyed || socket.write(text, 'latin1')
    socket.on(
      'data',
      messages((head, body) => handle(head, body, answer, socket)),
    )
    socket.on('error', () => socket.destroy())
  })
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', 4_096, () => resolve({ server, port: server.address().port })),
  )
}

/** A connection that sends one request after the other; ask(request) resolves with { status, body }. */
export function connection(port) {
  const waiting = []
  const socket = net.connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.on(
    'data',
    messages((head, body) => waiting.shift()?.resolve({ status: Number(head.slice(9, 12)), body })),
  )
  const broken = (error) => {
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  socket.on('error', broken)
  socket.on('close', () => broken(new Error('the connection was closed')))
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** The bytes of a form POST. */
export function formPost(path, headers, form) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = Buffer.byteLength(form)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join('')}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n${form}`,
  )
}
