/** Stops what global-setup started and removes its folder. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.stopTestServers?.()
}
