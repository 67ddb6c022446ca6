import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { Play } from '../support/play.js'
import { formatTranscript, parseTranscript, replay } from '../support/transcript.js'

const FOLDER = 'test/transcripts'

// jest runs this for every dialogue; UPDATE_TRANSCRIPTS=1 writes down what is said now, to be read before it is kept.
test.each(readdirSync(FOLDER).filter((file) => file.endsWith('.txt')))(
  'the dialogue of %s goes as written',
  async (file) => {
    const path = `${FOLDER}/${file}`
    const written = readFileSync(path, 'utf8')
    const lines = parseTranscript(written)
    const real = formatTranscript(await replay(lines, new Play()))
    if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(path, real)
    else expect(real).toBe(written)
  },
)
