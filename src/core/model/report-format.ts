/** What a budget report can be written as. */
export const reportFormats = ['html', 'pdf', 'md', 'csv', 'json'] as const

export type ReportFormat = (typeof reportFormats)[number]
