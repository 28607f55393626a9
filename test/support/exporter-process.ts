import { createServer } from 'node:http'

/**
 * A process that exposes counters like any other: requests by status code, counted every 100 ms. `POST /traffic` with
 * {"good": n, "bad": n} sets how many events are counted per tick of 100 ms; the answer holds what was counted so far.
 * Prints its port once it listens.
 */
let perTick = { good: 10, bad: 0 }
const counted = { good: 0, bad: 0 }

setInterval(() => {
  counted.good += perTick.good
  counted.bad += perTick.bad
}, 100)

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/traffic') {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      perTick = JSON.parse(body)
      response.end(JSON.stringify(counted))
    })
    return
  }
  response.setHeader('content-type', 'text/plain; version=0.0.4')
  response.end(
    [
      '# HELP http_requests_total Requests answered.',
      '# TYPE http_requests_total counter',
      `http_requests_total{code="200"} ${counted.good}`,
      `http_requests_total{code="500"} ${counted.bad}`,
      '',
    ].join('\n'),
  )
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address !== 'string') process.stdout.write(`${address.port}\n`)
})
