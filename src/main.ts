import { run } from './cli/program.ts'

const argv = process.argv.slice(2)
let isToldUnwritable = false

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as head, closes the pipe; there is nobody left to tell anything.
  if (error.code === 'EPIPE') process.exit()
  if (!isToldUnwritable) process.stderr.write(`sloburn: the output cannot be written: ${error.message}\n`)
  isToldUnwritable = true
  // An engine pages on even where its log has no room; whoever asked for an answer must not take half of one for it.
  if (argv[0] !== 'run') process.exit(2)
})
// Where not even this can be written there is nobody to tell.
process.stderr.on('error', () => {})

process.exitCode = await run(argv, {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onSignal: (signal, callback) => {
    process.on(signal, callback)
    return () => process.off(signal, callback)
  },
})
