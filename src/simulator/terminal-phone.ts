import { clearLine, createInterface, cursorTo } from 'node:readline'
import { follow, type PhoneLine } from './phone-line.js'
import { writePhone } from './phone-number.js'
import type { PhoneText } from './phone-view.js'
import { standingWords } from './standing.js'
import { fateLines, type Ending, type Terminal } from './terminal.js'
import { transcriptLines } from './transcript.js'

const HELP = `  Type a text and press Enter. Answers appear as they come.
  /photo    send a photo without words
  /fates    phones to which something happens
  /help     this
  Ctrl-C or Ctrl-D leaves.`

/** A phone for a person at a terminal. Resolves when she leaves. */
export async function talk(
  line: PhoneLine,
  phone: { from: string; to: string; fate: string | null },
  terminal: Terminal,
): Promise<Ending> {
  const { stdout, dim, red } = terminal
  const shown = new Map<string, string>() // sid -> how it stood when last told
  const sentAt = new Map<string, number>()
  let ending: Ending = 'done'

  const prompt = createInterface({ input: terminal.stdin, output: stdout, prompt: '> ' })

  /** Prints above the line that she is writing. */
  function tell(words: string): void {
    clearLine(stdout, 0)
    cursorTo(stdout, 0)
    stdout.write(words)
    prompt.prompt(true)
  }

  function onChange(text: PhoneText): void {
    if (text.by === 'person') {
      sentAt.set(text.sid, text.at)
      if (text.state === 'failed' && shown.get(text.sid) !== 'failed')
        tell(`  ${red(standingWords(text, null))}\n`)
      shown.set(text.sid, text.state)
      return
    }
    const words = standingWords(text, text.answerTo === null ? null : (sentAt.get(text.answerTo) ?? null))
    const before = shown.get(text.sid)
    shown.set(text.sid, words)
    const news =
      words === '' || words === before ? '' : `  ${text.state === 'failed' ? red(words) : dim(words)}\n`
    const body = before === undefined ? transcriptLines('app', text.body, terminal.wrap) : ''
    if (body + news !== '') tell(body + news)
  }

  const following = follow(line, onChange, () => {
    ending = 'gone'
    prompt.close()
  })
  await following.ready
  stdout.write(`  ${writePhone(phone.from)} texts ${phone.to}. No real text is sent. /help for more.\n`)
  if (phone.fate) stdout.write(`  ${phone.from.slice(8)}: ${phone.fate}\n`)

  async function onLine(raw: string): Promise<void> {
    const body = raw.trim()
    if (body === '/help') stdout.write(`${HELP}\n`)
    else if (body === '/fates') stdout.write(`${fateLines('  ')}\n`)
    else if (body !== '') {
      const sent = await line.send(body === '/photo' ? '' : body, body === '/photo' ? 1 : 0)
      if ('error' in sent) stdout.write(`  ${red(`Not sent: ${sent.error}`)}\n`)
    }
    prompt.prompt()
  }

  const leave = () => prompt.close()
  const interrupt = () => {
    ending = 'interrupted'
    leave()
  }
  terminal.signal.addEventListener('abort', interrupt)
  prompt.on('SIGINT', interrupt)
  await new Promise<void>((resolve) => {
    prompt.on('line', (raw) => void onLine(raw).catch(leave))
    prompt.on('close', resolve)
    prompt.prompt()
    if (following.isGone()) leave()
  })
  terminal.signal.removeEventListener('abort', interrupt)
  await following.stop()
  stdout.write('\n')
  return ending
}
