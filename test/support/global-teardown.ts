const LINGER_MS = 3_000

/** Stops the servers of this run, and names what keeps the process alive after that: a test has left it open. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.stopTestServers?.()
  setTimeout(() => {
    process.stderr.write(`\nstill open: ${process.getActiveResourcesInfo().join(', ')}\n`)
    const handles = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles()
    for (const handle of handles) process.stderr.write(`  ${describe(handle)}\n`)
  }, LINGER_MS).unref()
}

function describe(handle: object): string {
  const { spawnargs, remotePort, localPort } = handle as Record<string, unknown>
  return `${handle.constructor.name} ${JSON.stringify({ spawnargs, remotePort, localPort })}`
}
