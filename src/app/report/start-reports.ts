import type { Config } from '../../config/config.ts'
import { targetGuard } from '../../delivery/guard.ts'
import type { EmailConfig } from '../../delivery/receivers/email/config.ts'
import { sendDocuments } from '../../delivery/receivers/email/send-documents.ts'
import type { InForce } from '../rules-in-force.ts'
import { type ReportSchedule, type ScheduleWorld, startReportSchedule } from './report-schedule.ts'

/** What reports are made from, and whom they go to. */
export interface ReportGround extends Pick<InForce, 'slos' | 'maintenances'> {
  readonly config: Pick<Config, 'reports' | 'receivers' | 'delivery'>
}

/** Sends reports on the schedule of the config that is in force, through the servers of its email receivers. */
export function startReports(
  inForce: () => ReportGround,
  world: Pick<ScheduleWorld, 'store' | 'clock' | 'log' | 'meter'>,
): ReportSchedule {
  const emailOf = (name: string): EmailConfig | undefined => {
    const receiver = inForce().config.receivers.find((one) => one.name === name)
    return receiver?.kind === 'email' ? receiver.settings : undefined
  }
  return startReportSchedule({
    ...world,
    config: () => inForce().config.reports,
    rules: inForce,
    recipientsOf: (receiver) => emailOf(receiver)?.to ?? [],
    send: async (receiver, mail, signal) => {
      const settings = emailOf(receiver)
      if (settings === undefined) return { kind: 'retry', reason: 'the receiver is gone from the config' }
      return sendDocuments(settings, targetGuard(inForce().config.delivery.allowInternal), mail, signal)
    },
  })
}
