import type { Panel } from '../dashboard.ts'
import type { ContentInput } from './content-input.ts'

/** Requests that failed or took long, one by one; there only where a source of traces is named. */
export function tracePanels({ settings: { traces } }: ContentInput): readonly Panel[] {
  if (traces === undefined) return []
  const isTempo = traces.kind === 'tempo'
  return [
    {
      title: 'Traces of requests that failed',
      description:
        'The newest requests that ended in an error. Open two or three: the deepest red span is usually in the same service.',
      width: 24,
      height: 8,
      view: {
        kind: 'table',
        // The source says itself which columns there are.
        columns: [],
        sortBy: 'Start time',
        descending: true,
      },
      // TraceQL; Jaeger searches by service.
      queries: [{ expr: isTempo ? '{ status = error }' : '$service', traces: traces.kind }],
      unit: 'string',
      mayBeEmpty: 'it asks a source of traces',
    },
  ]
}
