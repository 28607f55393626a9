/** Events that happened evenly over (from, to]. */
export interface Booking {
  readonly from: number
  readonly to: number
  readonly amount: number
}

/**
 * The slow, obvious answer to how many events lie in (from, to]: each booking is asked by itself. Whole amounts are
 * handed out in whole events, rounded down, as a count of events must be.
 */
export function naiveCount(bookings: readonly Booking[], from: number, to: number): number {
  return naiveTotal(bookings, to) - naiveTotal(bookings, from)
}

function naiveTotal(bookings: readonly Booking[], at: number): number {
  return bookings.reduce((sum, booking) => sum + eventsUpTo(booking, at), 0)
}

function eventsUpTo({ from, to, amount }: Booking, at: number): number {
  if (at <= from) return 0
  if (at >= to) return amount
  return Number((BigInt(amount) * BigInt(at - from)) / BigInt(to - from))
}
