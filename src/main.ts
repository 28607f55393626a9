import { run } from './cli/program.ts'

// A reader that has seen enough, such as head, closes the pipe; there is nobody left to tell anything.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onSignal: (signal, callback) => {
    process.on(signal, callback)
    return () => process.off(signal, callback)
  },
})
