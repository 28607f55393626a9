import type { HttpRoute } from '../../ports/http-route.ts'
import { pageFilesRoute } from './page-files.ts'
import { pageHeaders, pageShell } from './page-shell.ts'

/** `GET /` and what it loads: the web page, which asks the API for everything it shows. */
export function pageRoutes(): readonly HttpRoute[] {
  const page: HttpRoute = {
    method: 'GET',
    path: '/',
    handle: () => ({ status: 200, headers: pageHeaders, body: pageShell() }),
  }
  return [page, pageFilesRoute()]
}
