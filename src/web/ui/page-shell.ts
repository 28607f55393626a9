import { modulePaths } from './page-files.ts'

/** Nothing may run or load but what the engine itself serves, and no text ever becomes markup. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 3l5 5 3-2 4 7' fill='none' stroke='%23d9480f' stroke-width='2.5' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E"

/** The frame that the browser's modules fill. Every module is named, so that none waits for another to ask for it. */
export function pageShell(): string {
  const preloads = modulePaths().map((path) => `<link rel="modulepreload" href="${path}">`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sloburn</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="ui/style.css">
${preloads.join('\n')}
<script type="module" src="${modulePaths().find((path) => path.startsWith('ui/main.'))}"></script>
</head>
<body>
<a class="skip" href="#main">to the content</a>
<header class="top">
  <a class="brand" href="./" data-link><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 3l5 5 3-2 4 7"/></svg>sloburn</a>
  <nav id="nav" aria-label="Pages"></nav>
  <p id="engine" class="engine"></p>
</header>
<p id="offline" role="alert" hidden></p>
<main id="main" tabindex="-1"><p class="none">Asking the engine …</p></main>
<p id="said" class="said" role="status" aria-live="polite"></p>
<noscript><p class="none">This page needs JavaScript. Without it, <code>sloburn status</code> and <a href="api/v1/slos">the API</a> tell the same.</p></noscript>
</body>
</html>
`
}
