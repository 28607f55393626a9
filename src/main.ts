import { run } from './cli/program.ts'

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onSignal: (signal, callback) => {
    process.on(signal, callback)
    return () => process.off(signal, callback)
  },
})
