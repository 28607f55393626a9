import { membersPerMessageMax, regionsPerMessageMax } from '../core/model/limits.ts'
import type { AnnotationReading, ExemplarReading, MemberReading, Notification } from '../core/model/notification.ts'
import { formatSpan, formatTime } from './figures.ts'
import { brief } from './plain-text.ts'
import { standingWords, whyNowWords } from './standing-words.ts'
import type { Fact } from './words.ts'

/** Names and texts come from people: none may push the rest out of a message. */
const nameLengthMax = 120

/** What may have to do with it, where there is any of it: what changed, what else broke, which requests failed. */
export function causes({ annotations, members, exemplars }: Notification): readonly Fact[] {
  return told([
    { name: 'What changed', text: annotations.map(changeText).join(' · ') },
    { name: 'Also affected', text: counted(members.map(memberText), membersPerMessageMax).join(' · ') },
    { name: 'Example traces', text: exemplars.map(exemplarText).join(' · ') },
  ])
}

/** How the incident itself is dealt with, where there is anything to say of that. */
export function handling(notification: Notification): readonly Fact[] {
  const { acknowledgement, flapping, alerts } = notification
  const hushed = alerts.flatMap(({ hushedBy }) => (hushedBy === null ? [] : [brief(hushedBy, nameLengthMax)]))
  return told([
    { name: 'Right now', text: standingWords(notification) },
    { name: 'Why now', text: whyNowWords(notification) },
    { name: 'Kept quiet', text: counted([...new Set(hushed)], membersPerMessageMax).join(' · ') },
    {
      name: 'Acknowledged',
      text:
        acknowledgement === null
          ? ''
          : `${brief(acknowledgement.by, nameLengthMax)}, until ${formatTime(acknowledgement.until)}`,
    },
    {
      name: 'Flapping',
      text:
        flapping === null
          ? ''
          : `opened ${flapping.openings} times lately; it stays one incident until it was quiet for long`,
    },
  ])
}

/** As many as a message has room for, and how many more there are. */
function counted(texts: readonly string[], most: number): readonly string[] {
  return texts.length <= most ? texts : [...texts.slice(0, most), `and ${texts.length - most} more`]
}

function told(facts: readonly Fact[]): readonly Fact[] {
  return facts.filter(({ text }) => text !== '')
}

/** What tracing calls it, and where it was. */
function exemplarText({ traceId, region }: ExemplarReading): string {
  return `${brief(traceId, nameLengthMax)} (${brief(region, nameLengthMax)})`
}

/** `deploy 4f2c1a9 to eu-west-1, 4 min before`. */
function changeText({ kind, text, region, beforeMs }: AnnotationReading): string {
  const where = region === null ? '' : ` to ${brief(region, nameLengthMax)}`
  const when = beforeMs >= 0 ? `${formatSpan(beforeMs)} before` : `${formatSpan(-beforeMs)} after it opened`
  return `${brief(kind, nameLengthMax)} ${brief(text, nameLengthMax)}${where}, ${when}`
}

function memberText({ slo, severity, scopes, resolvedAt }: MemberReading): string {
  const state = resolvedAt === null ? severity : 'over'
  const names = scopes.map((scope) => brief(scope, nameLengthMax))
  const where = counted(names, regionsPerMessageMax).join(', ')
  return `${brief(slo, nameLengthMax)} (${state}, ${where})`
}
