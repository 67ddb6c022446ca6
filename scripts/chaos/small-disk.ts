import { spawnSync } from 'node:child_process'
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ground } from './ground.js'

/** A file system of its own with a tablespace on it. */
export type SmallDisk = { tablespace: string; fill(): void; free(): void; close(): Promise<void> }

/** Why there can be none here; null: there can. */
export function lacksSmallDisk(): string | null {
  if (process.getuid?.() !== 0) return 'only root may mount the small file system it takes'
  const dir = mkdtempSync(join(tmpdir(), 'text-action-mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]).status === 0
  if (mounted) spawnSync('umount', [dir])
  rmSync(dir, { recursive: true })
  return mounted ? null : 'nothing may be mounted here'
}

let disks = 0

export async function openSmallDisk(ground: Ground, megabytes: number): Promise<SmallDisk> {
  const dir = mkdtempSync(join(tmpdir(), 'text-action-disk-'))
  const tablespace = `small_${++disks}`
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', dir])
  if (mount.status !== 0) throw new Error(`mount failed: ${mount.stderr.toString()}`)
  const data = join(dir, 'data')
  mkdirSync(data, { mode: 0o700 })
  const { uid, gid } = statSync(ground.postgres.dataDir())
  chownSync(data, uid, gid)
  await ground.postgres.onServer(`create tablespace ${tablespace} location '${data}'`)
  const filler = join(dir, 'filler')
  return {
    tablespace,
    fill() {
      const file = openSync(filler, 'w')
      try {
        for (const block of [Buffer.alloc(1_048_576), Buffer.alloc(4_096)])
          try {
            for (;;) writeSync(file, block)
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
          }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(filler, { force: true }),
    async close() {
      await ground.postgres.onServer(`drop tablespace if exists ${tablespace}`)
      spawnSync('umount', [dir])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
