import type { Message, Notification } from '../../core/model/notification.ts'
import type { Log } from '../../ports/log.ts'
import type { Meter } from '../../ports/meter.ts'
import { incidentWording, wordingOf } from '../wording.ts'
import type { Wording } from '../words.ts'
import type { MessageTextConfig } from './config.ts'
import { parseTemplate, TemplateError, type TemplateView } from './template.ts'

/** Where a template that fails is told of. */
export interface WordsWorld {
  readonly log: Log
  readonly meter: Meter
}

/**
 * How a receiver puts a message into words. Where a template of its own fails, that place reads as it always does: a page goes out
 * whatever somebody wrote into the config, and the failure is counted and logged.
 */
export function receiverWords(
  receiver: string,
  text: MessageTextConfig | undefined,
  { log, meter }: WordsWorld,
): (message: Message) => Wording {
  if (text === undefined) return wordingOf
  return (message) => {
    if (message.kind !== 'incident') return wordingOf(message)
    const builtIn = incidentWording(message)
    const view = templateView(message, builtIn)
    const own = (place: string, template: string | undefined, otherwise: string): string => {
      if (template === undefined) return otherwise
      try {
        return parseTemplate(template).render(view)
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        meter.count('sloburn_template_failures_total', { receiver })
        log.error({ receiver, place, reason: error.message }, 'a template failed: the built-in text was used')
        return otherwise
      }
    }
    const further = (text.facts ?? []).map((fact, index) => {
      return { name: fact.name, text: own(`facts/${index}`, fact.text, '') }
    })
    return {
      ...builtIn,
      title: own('title', text.title, builtIn.title),
      preview: own('preview', text.preview, builtIn.preview),
      verdict: { ...builtIn.verdict, failing: own('failing', text.failing, builtIn.verdict.failing) },
      description: own('description', text.description, builtIn.description),
      footer: own('footer', text.footer, builtIn.footer),
      facts: [...builtIn.facts, ...further.filter((fact) => fact.text !== '')],
    }
  }
}

/** All that a template may name: facts of the incident, and the built-in words under `text`. No object of ours is handed over. */
function templateView(notification: Notification, { title, preview, verdict, facts }: Wording): TemplateView {
  const { status, change, sev, severity, slo, service, scope, description, labels, objective, window } = notification
  const { firedAt, resolvedAt, at, incidentId, revision, runbook, dashboard, short, long, budget, rule } = notification
  const named = Object.fromEntries(facts.map(({ name, text }) => [camelCase(name), text]))
  return {
    status,
    change,
    sev,
    severity,
    slo,
    service,
    scope,
    description,
    objective,
    window,
    firedAt,
    resolvedAt,
    at,
    runbook,
    dashboard,
    revision,
    incident: incidentId,
    labels: { ...labels },
    short: { ...short },
    long: { ...long },
    budget: { ...budget },
    rule: { longMs: rule.longMs, shortMs: rule.shortMs, burnRate: rule.burnRate },
    acknowledgedBy: notification.acknowledgement?.by ?? null,
    text: { title, preview, failing: verdict.failing, allowed: verdict.allowed, ...named },
  }
}

/** `Error budget` is `errorBudget`. */
function camelCase(name: string): string {
  return name
    .replace(/\s+(\S)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^\S/, (first) => first.toLowerCase())
}
