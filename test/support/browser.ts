import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

const NAMES = ['chromium-headless-shell', 'chromium', 'google-chrome']

/** Where a browser is: on PATH, or where set-up has unpacked one. null: nowhere. */
export function findBrowser(): string | null {
  const ours = resolve(process.env['DATA_DIR'] || '.data', 'browser', 'bin')
  const dirs = [...(process.env['PATH'] ?? '').split(delimiter), ours]
  const paths = dirs.flatMap((dir) => NAMES.map((name) => join(dir, name)))
  return paths.find((path) => existsSync(path)) ?? null
}

/** Opens it without a window. */
export async function openBrowser(program: string): Promise<Browser> {
  const fonts = join(program, '..', '..', 'fonts.conf') // beside the one that set-up has unpacked
  return chromium.launch({
    executablePath: program,
    env: { ...process.env, ...(existsSync(fonts) && { FONTCONFIG_FILE: fonts }) },
  })
}
