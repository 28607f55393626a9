/** Capitals, digits and signs of five by seven dots: two hexadecimal digits a row, the leftmost dot is the highest of five bits. */
const rows: Readonly<Record<string, string>> = {
  A: '0E11111F111111',
  B: '1E11111E11111E',
  C: '0E11101010110E',
  D: '1E11111111111E',
  E: '1F10101E10101F',
  F: '1F10101E101010',
  G: '0E11101711110F',
  H: '1111111F111111',
  I: '0E04040404040E',
  J: '0702020202120C',
  K: '11121418141211',
  L: '1010101010101F',
  M: '111B1515111111',
  N: '11191513111111',
  O: '0E11111111110E',
  P: '1E11111E101010',
  Q: '0E11111115120D',
  R: '1E11111E141211',
  S: '0F10100E01011E',
  T: '1F040404040404',
  U: '1111111111110E',
  V: '11111111110A04',
  W: '11111115151B11',
  X: '11110A040A1111',
  Y: '11110A04040404',
  Z: '1F01020408101F',
  '0': '0E11131519110E',
  '1': '040C040404040E',
  '2': '0E11010608101F',
  '3': '1F02040201110E',
  '4': '02060A121F0202',
  '5': '1F101E0101110E',
  '6': '0608101E11110E',
  '7': '1F010204080808',
  '8': '0E11110E11110E',
  '9': '0E11110F01020C',
  '-': '0000000E000000',
  '.': '00000000000C0C',
  ',': '000000000C0408',
  ':': '000C0C000C0C00',
  '%': '18190204081303',
  '×': '00110A040A1100',
  '/': '01010204081010',
  _: '0000000000001F',
  '—': '0000001F000000',
  '(': '02040808080402',
  ')': '08040202020408',
  '?': '0E110102040004',
  ' ': '00000000000000',
}

/** Dots of a glyph, beside the one that keeps it from the next. */
export const glyphSize = { width: 5, height: 7, advance: 6 } as const

/** Whether the dot at a place of a character's glyph is set. Small letters look like capitals; what there is no glyph for like `?`. */
export function isDot(character: string, x: number, y: number): boolean {
  const glyph = rows[character.toUpperCase()] ?? rows['?'] ?? ''
  return ((Number.parseInt(glyph.slice(2 * y, 2 * y + 2), 16) >> (glyphSize.width - 1 - x)) & 1) === 1
}
