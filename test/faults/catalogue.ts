/** One thing that goes wrong. Where no test shows what comes of it, the reason stands here. */
export interface FaultCase {
  readonly number: number
  readonly fault: string
  readonly untested?: string
}

/** Faults of one kind. */
export interface FaultGroup {
  readonly title: string
  readonly cases: readonly FaultCase[]
}

const noOpsgenie = 'there is no receiver for Opsgenie yet; its answer of 202 will have to be asked after'
const noJira =
  'there is no receiver for Jira yet; the e-mail and Slack cases 15 to 17 show how a lost answer is dealt with'
const noPostgres =
  'the store is SQLite, which nothing stands in front of; a store on PostgreSQL comes with several processes on one store'

function group(title: string, first: number, ...faults: readonly (string | readonly [string, string])[]): FaultGroup {
  const cases = faults.map((fault, index) => {
    const number = first + index
    if (typeof fault === 'string') return { number, fault }
    return { number, fault: fault[0], untested: fault[1] }
  })
  return { title, cases }
}

/** Everything that is known to go wrong between a burn and whoever is paged, by number. */
export const faultGroups: readonly FaultGroup[] = [
  group(
    'The receiver',
    1,
    'It answers 500 several times and then 200.',
    'It answers 429 with `Retry-After: 1`.',
    'It answers 429 without saying for how long.',
    'It asks to be left alone for a day.',
    'It takes the request and never answers.',
    'It sends headers, and a body that never ends.',
    'It half closes the connection in the middle of the request.',
    'It resets the connection after it took the message.',
    'It answers 200 with garbage, nothing, or megabytes.',
    'It redirects elsewhere.',
    'It refuses for good: 400, 401, 403, 404.',
    'Its name does not exist, or it does not speak TLS.',
    ['Opsgenie takes the request and drops it later.', noOpsgenie],
    'A Slack message that is to be rewritten was deleted.',
    'Slack says `fatal_error` after it has posted.',
    'The answer of Slack is lost.',
    'The mail server drops the connection after the final dot.',
    'One of two recipients of a mail is refused.',
    ['Jira times out, has made the issue, and cannot find it yet.', noJira],
  ),
  group(
    'The process',
    20,
    'It is killed at any point between decision and record.',
    'It is stopped in order while a message is under way.',
    'It is frozen, another one starts on its store, and it thaws.',
    'It runs out of memory.',
    'Its event loop stands still for half a minute.',
    'It is started again in mid-incident.',
    'The incident ends while nothing runs.',
    'It crashes and starts again and again.',
    'Two versions of it want one store.',
  ),
  group(
    'Config',
    29,
    'Routes, receivers or rules change in mid-incident.',
    'A reload brings something invalid.',
    'A template cannot be filled.',
    'A reload comes while a message is under way.',
  ),
  group(
    'The store',
    33,
    'It fails for minutes in mid-incident.',
    'It falls back to a copy without the last commits.',
    'The answer to a commit is lost.',
    'The disk is full.',
    'The last record is torn or garbled.',
    'The file system is read-only.',
    'Tickets that hang take every attempt of a receiver.',
    ['PgBouncer in transaction mode stands before it.', noPostgres],
    'It is locked for a while when an outcome is to be stored.',
  ),
  group(
    'Several of them',
    42,
    'Two evaluators see the same data.',
    'Two evaluators are one step apart.',
    'A region is cut off during the opening, or during the end, and comes back.',
    'The store is reached and the receiver is not.',
    'Two evaluators, and the receiver fails for a while.',
    'It ends while its page is still being tried.',
    'The store goes from owner to owner.',
    'The clock of one region is ten minutes off.',
  ),
  group(
    'Time',
    50,
    'The clock jumps an hour ahead, an hour back, or to 1970.',
    'The clock on the wall is put back during business hours.',
    'The machine sleeps for two hours.',
  ),
  group(
    'Data',
    53,
    'Samples come twice, in the wrong order, or from the future.',
    'Counters begin anew, good and bad at once.',
    'A series vanishes in mid-incident.',
    'A query API answers 200 with nothing, with warnings, or with a part.',
    'A source is silent for longer than four minutes.',
    'NaN, infinity, negative values; one request of one that failed.',
    'A label goes wild.',
    'It fires and ends between two turns of delivery.',
  ),
  group(
    'Quiet',
    61,
    'It is silenced after it was told, and ends.',
    'A page inhibits a ticket; after a restart the ticket is seen first.',
    'What inhibits cannot be seen any more.',
    'A deployment is never closed.',
    'It is acknowledged, and gets worse.',
  ),
  group(
    'Load and size',
    66,
    'A thousand SLOs open at once.',
    'A megabyte of description, ten thousand members, characters cut in half.',
    'A receiver is slow for an hour.',
  ),
  group(
    'Security',
    69,
    'Names and labels hold mark-up, headers, control characters.',
    'Secrets could get into logs, errors, metrics, pages and answers.',
    'A webhook leads to where clouds hand out credentials, or inside.',
    'A template wants more than its values, or all the time there is.',
    'An acknowledgement is forged or played back.',
    'Samples come as a bomb.',
    'Somebody writes to the API who may not.',
  ),
]
