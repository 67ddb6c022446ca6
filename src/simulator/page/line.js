/** The line to the simulator for one phone: events in, texts out. */
export function openLine(phone, { onThread, onText, onApp, onPhones, onBroken }) {
  let source = null
  let timer = 0
  const connect = () => {
    source = new EventSource(`/phone/events?from=${encodeURIComponent(phone)}`)
    const on = (event, handle) => source.addEventListener(event, ({ data }) => handle(JSON.parse(data)))
    on('thread', onThread)
    on('text', onText)
    on('app', ({ up }) => onApp(up))
    on('phones', onPhones)
    source.addEventListener('error', () => {
      onBroken()
      // A connection that breaks is tried again by itself; one that was answered with an error, as by a program just starting, is not.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS)
    })
  }
  connect()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}

const AGAIN_MS = 1_000

/** Sends a text. false: it did not get through to the simulator. */
export async function sendText(from, body) {
  try {
    const response = await fetch('/phone/texts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from, body }),
    })
    return response.ok
  } catch {
    return false
  }
}
