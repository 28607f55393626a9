import { createHash } from 'node:crypto'
import { Html, html } from './html.ts'
import { script } from './script.ts'
import { style } from './style.ts'

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 3l5 5 3-2 4 7' fill='none' stroke='%23d9480f' stroke-width='2.5' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E"

/** Nothing may run or load but what is written into the page itself. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}

/** A whole page around its main part. */
export function pageFrame(title: string, main: Html): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}">
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">to the objectives</a>
<header class="top">
  <p class="brand"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 3l5 5 3-2 4 7"/></svg>sloburn</p>
  <nav aria-label="Machine-readable"><a href="api/v1/slos">API</a> <a href="metrics">metrics</a></nav>
</header>
<p id="offline" role="alert" hidden>The engine does not answer. What stands below is old.</p>
<main id="main">${main}</main>
<script>${new Html(script)}</script>
</body>
</html>
`
  return page.toString()
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
