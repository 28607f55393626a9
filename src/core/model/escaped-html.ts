/** Text as HTML shows it: names come from rule files and labels, and may hold anything. */
export function escapedHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
