import type { Address } from './address.ts'
import type { Child } from './dom.ts'
import type { Known } from './known.ts'

/** What a page is drawn from. */
export interface Scene {
  readonly address: Address
  readonly known: Known
  /** Whether the reader came here just now; false where the same is brought up to date. */
  readonly isNew: boolean
  /** Draws the page again, without asking the engine for the list. */
  readonly redraw: () => Promise<void>
  /** Says something to whoever cannot see it happen. */
  readonly say: (text: string) => void
}

/** One page: what it is called and how it is drawn. It is drawn again every few seconds, and put in place where it differs. */
export interface Page {
  readonly title: string
  /** Also stands for others in the navigation, such as the list for one SLO. */
  readonly nav: string
  draw(scene: Scene): Promise<Child> | Child
}
