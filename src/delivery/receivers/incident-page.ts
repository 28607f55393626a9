import type { Message } from '../../core/model/notification.ts'
import type { Link } from '../words.ts'
import { incidentLink } from './alert-payload.ts'

/** The page of an incident, where others can reach it: nobody's phone is served by an address of the engine's own machine. */
export function incidentPage(message: Message, externalUrl: string): readonly Link[] {
  if (message.kind !== 'incident' || !URL.canParse(externalUrl) || isHere(new URL(externalUrl).hostname)) return []
  return [{ name: 'Incident', url: incidentLink(externalUrl, message.incidentId) }]
}

function isHere(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || ['0.0.0.0', '[::1]', '[::]'].includes(host)
}
