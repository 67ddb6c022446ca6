/** What a command may touch of the process it runs in. */
export type Cli = {
  env: NodeJS.ProcessEnv
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  /** Aborted by Ctrl-C, SIGTERM or a closed terminal: finish what must be finished and return. */
  signal: AbortSignal
  /** This command may begin a trial in DATA_DIR. Every other is refused where there is neither one nor a DATABASE_URL. */
  mayBegin?: true
}
