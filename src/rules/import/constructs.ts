/** What becomes of one key of another tool's format. `docs/migration.md` is made from it. */
export interface Construct {
  readonly is: ConstructType
  readonly required?: true
  /** What is made of it, in Markdown. */
  readonly becomes?: string
  /** Why nothing is made of it, as the end of a sentence. */
  readonly leftOut?: string
}

/** `text` is any scalar; `labels` has scalars, or lists of them, under keys of the author; `anything` is not looked into. */
export type ConstructType = 'text' | 'number' | 'flag' | 'labels' | 'texts' | 'mapping' | 'list' | 'anything'

/** The keys of a format by their path: `slos[].sli.events`. */
export type Constructs = Readonly<Record<string, Construct>>

/** The same constructs one level further in. */
export function under(prefix: string, constructs: Constructs): Constructs {
  return Object.fromEntries(Object.entries(constructs).map(([path, construct]) => [`${prefix}.${path}`, construct]))
}

const kubernetesBooks = 'Kubernetes keeps that for itself'

/** What the Kubernetes API server adds to every object that is read back from it. */
export const kubernetesConstructs: Constructs = {
  'metadata.uid': { is: 'anything', leftOut: kubernetesBooks },
  'metadata.resourceVersion': { is: 'anything', leftOut: kubernetesBooks },
  'metadata.generation': { is: 'anything', leftOut: kubernetesBooks },
  'metadata.creationTimestamp': { is: 'anything', leftOut: kubernetesBooks },
  'metadata.managedFields': { is: 'anything', leftOut: kubernetesBooks },
  'metadata.ownerReferences': { is: 'anything', leftOut: kubernetesBooks },
  'metadata.finalizers': { is: 'anything', leftOut: kubernetesBooks },
  status: { is: 'anything', leftOut: kubernetesBooks },
}
