import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { unpackPrivately } from './debian.mjs'
import { onPath } from './tools.mjs'

// For one row of the fault matrix: a worker whose clock is wrong.
const ours = join(resolve(process.env.DATA_DIR || '.data'), 'faketime')

export const faketimeMissing = () =>
  !onPath('faketime') && !existsSync(join(ours, 'bin', 'faketime')) && onPath('apt-get')

export async function installFaketime() {
  await unpackPrivately(ours, {
    packages: ['faketime', 'libfaketime'],
    program: 'usr/bin/faketime',
    versionFlag: '--version',
    orElse: 'Row 31 is skipped.',
  })
}
