import { initial } from './0001-initial.ts'
import { incidents } from './0002-incidents.ts'
import { daysAndExclusions } from './0003-days-and-exclusions.ts'
import { narrowOutbox } from './0004-narrow-outbox.ts'
import { incidentRecords } from './0005-incident-records.ts'

/** Every migration in order; the first makes version 1. One that was released is never changed. */
export const migrations: readonly string[] = [initial, incidents, daysAndExclusions, narrowOutbox, incidentRecords]
