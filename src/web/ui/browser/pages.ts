import { annotationsPage } from './annotations-page.ts'
import { enginePage } from './engine-page.ts'
import { exclusionsPage } from './exclusions-page.ts'
import { incidentPage } from './incident-page.ts'
import { incidentsPage } from './incidents-page.ts'
import { listPage } from './list-page.ts'
import { onCallPage } from './on-call-page.ts'
import type { Page } from './page.ts'
import { silencesPage } from './silences-page.ts'
import { sloPage } from './slo-page.ts'

const pages: Readonly<Record<string, Page>> = {
  '': listPage,
  slo: sloPage,
  incidents: incidentsPage,
  incident: incidentPage,
  silences: silencesPage,
  annotations: annotationsPage,
  exclusions: exclusionsPage,
  oncall: onCallPage,
  engine: enginePage,
}

/** The page that an address names; the list where it names none. */
export function pageNamed(name: string): Page {
  return Object.hasOwn(pages, name) ? pages[name] : listPage
}

/** Under which entry of the navigation a page stands. */
export function navOf(name: string): string {
  return pageNamed(name).nav
}
