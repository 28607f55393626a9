/** One dashboard, complete, in no format yet: `classic` and `v2` write it down. */
export interface Dashboard {
  /** Fixed, so that links and bookmarks last. */
  readonly uid: DashboardUid
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  /** How far back it begins, such as `now-6h`. */
  readonly from: string
  readonly refresh: string
  readonly variables: readonly Variable[]
  readonly annotations: readonly Annotation[]
  readonly links: readonly Link[]
  readonly rows: readonly Row[]
}

/** Every dashboard there is, from the widest view to the narrowest. */
export const dashboardUids = ['slo-exec', 'slo-oncall', 'slo-debug', 'slo-detail'] as const

export type DashboardUid = (typeof dashboardUids)[number]

/** A choice at the top of a dashboard. */
export type Variable =
  | { readonly kind: 'datasource'; readonly name: string; readonly label: string; readonly plugin: string }
  | {
      readonly kind: 'query'
      readonly name: string
      readonly label: string
      readonly description: string
      /** `label_values(…)`. */
      readonly query: string
      /** Several values at once, and all of them to begin with. */
      readonly multi: boolean
      /** What is chosen at first where only one can be; empty for the first there is. */
      readonly first: string
    }

/** Marks on the time axes of all panels. */
export interface Annotation {
  readonly name: string
  readonly color: string
  readonly expr: string
  readonly title: string
  readonly text: string
  readonly tags: readonly string[]
  /** The value is the moment, in milliseconds; otherwise the mark lasts while there is a series. */
  readonly isMoment: boolean
  readonly isOn: boolean
}

/** A link at the top of a dashboard. */
export interface Link {
  readonly title: string
  readonly url: string
  readonly tooltip: string
  /** What it carries along: the time and what is chosen, the time alone, or nothing, out of Grafana to a new tab. */
  readonly keeps: 'choices' | 'time' | 'nothing'
}

/** A heading and the panels below it; they flow from left to right into lines of 24 columns. */
export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
  /** The variable for each value of which the row is there once. */
  readonly repeat?: string
}

/** One panel, as far as both formats of Grafana can say it. */
export interface Panel {
  readonly title: string
  /** What it means, and what to do. */
  readonly description: string
  /** In columns of 24. */
  readonly width: number
  /** In lines of 30 pixels. */
  readonly height: number
  readonly view: View
  readonly queries: readonly Query[]
  readonly unit: string
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
  readonly steps?: readonly Step[]
  readonly words?: readonly Word[]
  /** Where a click on a value leads. */
  readonly links?: readonly ValueLink[]
  /** What is shown where there is no value. */
  readonly noValue?: string
  /** Why nothing to show is no fault, where that is so; only the tests read it. */
  readonly mayBeEmpty?: string
}

/** One query of a panel. */
export interface Query {
  /** PromQL, but for the queries of a trace source. */
  readonly expr: string
  readonly legend?: string
  /** One value at the end of the time range, instead of a line. */
  readonly instant?: boolean
  /** Asked of another data source than Prometheus: the name of its variable. */
  readonly traces?: 'tempo' | 'jaeger'
  /** Buckets of a classic histogram. */
  readonly buckets?: boolean
  readonly exemplars?: boolean
  /** A limit that is drawn as a thin dashed line. */
  readonly isLimit?: boolean
}

/** From a value on, a colour; the first is from minus infinity. */
export interface Step {
  readonly from: number | null
  readonly color: string
}

/** What a value is called. */
export interface Word {
  readonly value: number
  readonly text: string
  readonly color: string
}

/** Where a click on a value leads. */
export interface ValueLink {
  readonly title: string
  readonly url: string
}

/** How figures are drawn. */
export type View =
  | { readonly kind: 'stat'; readonly graph: boolean; readonly names: boolean }
  | { readonly kind: 'gauge' }
  | { readonly kind: 'bars' }
  | { readonly kind: 'lines'; readonly fill: boolean; readonly stacked: boolean; readonly limitAtSteps: boolean }
  | { readonly kind: 'pie' }
  | { readonly kind: 'cells' }
  | { readonly kind: 'timeline' }
  | { readonly kind: 'heatmap' }
  | {
      readonly kind: 'table'
      readonly columns: readonly Column[]
      readonly sortBy: string
      readonly descending: boolean
    }

/** One column of a table: a label, or the value of a query. */
export interface Column {
  readonly of: { readonly label: string } | { readonly query: number }
  readonly title: string
  readonly unit?: string
  readonly decimals?: number
  readonly steps?: readonly Step[]
  readonly words?: readonly Word[]
  readonly links?: readonly ValueLink[]
  readonly noValue?: string
  readonly width?: number
}

/** The letter by which a panel refers to a query. */
export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}
