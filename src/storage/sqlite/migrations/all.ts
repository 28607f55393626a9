import { initial } from './0001-initial.ts'

/** Every migration in order; the first makes version 1. One that was released is never changed. */
export const migrations: readonly string[] = [initial]
