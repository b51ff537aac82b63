// The colours of the SVG charts: the hue says the micro-batch, the lightness the kind, in OKLCH.

const shades = [[0.83, 0.095], [0.50, 0.125], [0.68, 0.125], [0.40, 0.08], [0.40, 0.08]];

export function barColor(kind, microBatch, microBatches) {
  const [lightness, chroma] = shades[kind];
  const hue = (255 + microBatch * (microBatches <= 12 ? 360 / Math.max(1, microBatches) : 137.50776405)) % 360;
  return `oklch(${lightness} ${chroma} ${hue.toFixed(1)})`;
}

export function onBar(kind) {
  return kind === 0 || kind === 2 ? '#16181d' : '#ffffff';
}

export const partColors = {
  ideal: '--ideal', 'schedule bubble': '--bubble', imbalance: '--imbalance', variation: '--variation',
  'garbage collection': '--collection', 'hand-over': '--handover', host: '--host',
};

// A worker's idle reasons have the colours of the parts that they belong to.
export const reasonColors = {
  Fill: '--bubble', Drain: '--bubble', Dependency: '--bubble', Imbalance: '--imbalance', Variation: '--variation',
  Transfer: '--handover', LinkFull: '--handover', Host: '--host',
};

export const reasonNames = {
  Fill: 'fill', Drain: 'drain', Dependency: 'dependency', Imbalance: 'imbalance', Variation: 'variation',
  Transfer: 'transfer', LinkFull: 'handing over', Host: 'host',
};
