import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { unpackPrivately } from './debian.mjs'
import { onPath } from './tools.mjs'

// For the tests alone: the phone page is used as a person uses it, in a browser without a window.
const ours = join(resolve(process.env.DATA_DIR || '.data'), 'browser')
const NAMES = ['chromium-headless-shell', 'chromium', 'google-chrome']

// A bare machine has neither fonts nor a word on where they lie. "Relative" would be to wherever the tests are started.
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${ours}/usr/share/fonts</dir>
  <cachedir>${ours}/cache</cachedir>
</fontconfig>
`

export function browserMissing() {
  return !onPath(...NAMES) && !existsSync(join(ours, 'bin', NAMES[0])) && onPath('apt-get')
}

export async function installBrowser() {
  await unpackPrivately(ours, {
    packages: ['chromium-headless-shell', 'chromium-common', 'fonts-dejavu-core'],
    program: 'usr/lib/chromium/chromium-headless-shell',
    versionFlag: '--version',
    orElse: 'Its tests are skipped.',
  })
  writeFileSync(join(ours, 'fonts.conf'), FONTS)
}
