import type { AnnotationReading, MemberReading, Notification } from '../core/model/notification.ts'
import { formatSpan, formatTime } from './figures.ts'
import { brief } from './plain-text.ts'
import type { Fact } from './words.ts'

/** Names and texts come from people: none may push the rest out of a message. */
const nameLengthMax = 120

/** What stands around an incident, where there is any of it: what changed, what else broke, where to look, who is on it. */
export function circumstances(notification: Notification): readonly Fact[] {
  const { annotations, members, exemplars, acknowledgement, flapping, alerts } = notification
  const hushed = alerts.flatMap(({ hushedBy }) => (hushedBy === null ? [] : [brief(hushedBy, nameLengthMax)]))
  const facts: readonly Fact[] = [
    { name: 'What changed', text: annotations.map(changeText).join(' · ') },
    { name: 'Also affected', text: members.map(memberText).join(' · ') },
    { name: 'Example traces', text: exemplars.map(({ traceId }) => brief(traceId, nameLengthMax)).join(' · ') },
    { name: 'Kept quiet', text: [...new Set(hushed)].join(' · ') },
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
  ]
  return facts.filter(({ text }) => text !== '')
}

/** `deploy 4f2c1a9 to eu-west-1, 4 min before`. */
function changeText({ kind, text, region, beforeMs }: AnnotationReading): string {
  const where = region === null ? '' : ` to ${brief(region, nameLengthMax)}`
  const when = beforeMs >= 0 ? `${formatSpan(beforeMs)} before` : `${formatSpan(-beforeMs)} after it opened`
  return `${brief(kind, nameLengthMax)} ${brief(text, nameLengthMax)}${where}, ${when}`
}

function memberText({ slo, severity, scopes, resolvedAt }: MemberReading): string {
  const state = resolvedAt === null ? severity : 'over'
  const where = scopes.map((scope) => brief(scope, nameLengthMax)).join(', ')
  return `${brief(slo, nameLengthMax)} (${state}, ${where})`
}
