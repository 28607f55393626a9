/** Colours of the picture in a mail, the ground first; what is red or green is told by length and words as well. */
export const colours = {
  ground: '#ffffff',
  track: '#eaecf0',
  text: '#344054',
  faint: '#667085',
  bad: '#d92d20',
  warm: '#dc6803',
  good: '#079455',
  mark: '#101828',
  line: '#1d4ed8',
  fill: '#dbe6fd',
  overFill: '#fbd5d2',
  change: '#7a3fd0',
} as const

/** In pixels of the picture. */
export const layout = {
  width: 1_200,
  margin: 24,
  dot: 3,
  rowHeight: 52,
  barHeight: 30,
  nameWidth: 340,
  valueWidth: 190,
} as const
