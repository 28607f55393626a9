import type { ReportFormat } from '../../core/model/report-format.ts'
import type { Report } from '../model/report.ts'
import { composePage } from '../page/compose-page.ts'
import { renderCsv } from './csv.ts'
import { renderHtml } from './html.ts'
import { renderJson } from './json.ts'
import { renderMarkdown } from './markdown.ts'

/** Writes a report in one format. The library for PDF is loaded only where one is asked for. */
export async function renderReport(report: Report, format: ReportFormat): Promise<string | Uint8Array> {
  switch (format) {
    case 'html':
      return renderHtml(composePage(report))
    case 'md':
      return renderMarkdown(composePage(report))
    case 'csv':
      return renderCsv(report)
    case 'json':
      return renderJson(report)
    default: {
      const { renderPdf } = await import('./pdf/render-pdf.ts')
      return renderPdf(composePage(report), report.dataUntil ?? report.period.from)
    }
  }
}
