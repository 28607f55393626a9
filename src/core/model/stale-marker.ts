/** The NaN by which Prometheus marks the end of a series, in the halves of a double. */
export const staleMarkerBits = { high: 0x7ff0_0000, low: 2 } as const
