import { barColor, onBar } from './colors.js';
import { kinds, lowerBound } from './timeline.js';
import { css } from './format.js';

const axisHeight = 26;
const gap = 8;
const leastBar = 1; // pixels; what is narrower is drawn together with its neighbours

// Draws a timeline on a canvas. Cost grows with the pixels, not with the actions: stretches of a pixel are found by binary search.
export class Gantt {
  constructor(canvas, timeline) {
    this.canvas = canvas;
    this.timeline = timeline;
    this.rows = 'both'; // or 'actual', 'planned'
    this.marked = null; // a micro-batch
    this.selected = null; // an action
    this.show(0, timeline.length);
  }

  // The visible stretch, kept within the step and no narrower than a microsecond.
  show(from, to) {
    const length = this.timeline.length || 1;
    const width = Math.min(Math.max(to - from, 1e-3), length);
    this.from = Math.min(Math.max(from, 0), length - width);
    this.to = this.from + width;
  }

  get left() { return this.width < 560 ? 34 : 84; }
  get right() { return this.width - 8; }
  get laneHeight() { return this.timeline.lanes.length > 16 ? 22 : this.rows === 'both' ? 46 : 34; }
  get height() { return this.timeline.lanes.length * (this.laneHeight + gap) + axisHeight + 4; }

  x(time) { return this.left + (time - this.from) / (this.to - this.from) * (this.right - this.left); }
  time(x) { return this.from + (x - this.left) / (this.right - this.left) * (this.to - this.from); }
  top(worker) { return 4 + worker * (this.laneHeight + gap); }

  // Where the actual and the planned bars of a lane lie: top and height.
  row(worker, planned) {
    const top = this.top(worker);
    if (this.rows !== 'both') return [top, this.laneHeight];
    const actual = Math.round(this.laneHeight * 0.68);
    return planned ? [top + actual + 2, this.laneHeight - actual - 2] : [top, actual];
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.canvas.style.height = this.height + 'px';
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.context = this.canvas.getContext('2d');
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  draw() {
    const { context, timeline } = this;
    const theme = { ink: css('--ink'), quiet: css('--quiet'), line: css('--line'), lane: css('--lane'), accent: css('--accent') };
    context.clearRect(0, 0, this.width, this.height);
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    this.drawAxis(theme);
    timeline.lanes.forEach((lane, worker) => {
      context.globalAlpha = 1;
      context.fillStyle = theme.ink;
      context.textAlign = 'left';
      context.fillText(this.width < 560 ? `w${worker}` : `worker ${worker}`, 4, this.top(worker) + this.laneHeight / 2);
      context.save();
      context.beginPath();
      context.rect(this.left, 0, this.right - this.left, this.height);
      context.clip();
      if (this.rows !== 'planned') this.drawRow(lane, worker, false, theme);
      if (this.rows !== 'actual') this.drawRow(lane, worker, true, theme);
      context.restore();
    });
    if (this.marked !== null) this.drawWay(theme);
    if (this.selected) this.drawSelected(theme);
  }

  drawAxis(theme) {
    const { context } = this;
    const bottom = this.height - axisHeight;
    const most = Math.max(1, Math.floor((this.right - this.left) / 80));
    const step = roundUp((this.to - this.from) / most);
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    context.textAlign = 'center';
    for (let tick = Math.ceil(this.from / step) * step; tick <= this.to; tick += step) {
      const x = this.x(tick);
      context.fillStyle = theme.line;
      context.fillRect(Math.round(x), 0, 1, bottom);
      context.fillStyle = theme.quiet;
      if (x < this.right - 12) context.fillText(tick.toFixed(digits), x, bottom + axisHeight / 2);
    }
    context.textAlign = 'left';
    context.fillStyle = theme.quiet;
    context.fillText('ms', 4, bottom + axisHeight / 2);
  }

  drawRow(lane, worker, planned, theme) {
    const { context } = this;
    const [top, height] = this.row(worker, planned);
    const [starts, ends] = planned ? [lane.plannedStart, lane.plannedEnd] : [lane.start, lane.end];
    context.globalAlpha = 1;
    context.fillStyle = theme.lane;
    context.fillRect(this.left, top, this.right - this.left, height);
    for (let i = lowerBound(ends, this.from); i < lane.count && starts[i] < this.to;) {
      const [from, to] = [this.x(starts[i]), this.x(ends[i])];
      if (to - from >= leastBar) {
        this.drawBar(lane, i, from, to, top, height, planned);
        i++;
      } else {
        i = this.drawTogether(lane, i, starts, Math.floor(from), top, height, planned, theme);
      }
    }
  }

  drawBar(lane, i, from, to, top, height, planned) {
    const { context } = this;
    const [kind, microBatch] = [lane.kind[i], lane.microBatch[i]];
    context.globalAlpha = (this.marked !== null && this.marked !== microBatch ? 0.18 : 1) * (planned && this.rows === 'both' ? 0.6 : 1);
    context.fillStyle = barColor(kind, microBatch, this.timeline.facts.microBatches);
    // A hair narrower than its time, so that bars that touch can be told apart.
    context.fillRect(from, top, Math.max(0.5, to - from - (to - from > 4 ? 0.75 : 0)), height);
    if (height < 16 || to - from < 16) return;
    const [left, right] = [Math.max(from, this.left), Math.min(to, this.right)];
    const label = [`${lane.stage[i]}${kinds[kind]}${microBatch}`, String(microBatch)].find(text => context.measureText(text).width < right - left - 4);
    if (!label) return;
    context.fillStyle = onBar(kind);
    context.textAlign = 'center';
    context.fillText(label, (left + right) / 2, top + height / 2 + 1);
  }

  // One pixel's worth of short actions: as high as the pixel is busy, forwards below, all else above.
  drawTogether(lane, i, starts, pixel, top, height, planned, theme) {
    const { context } = this;
    const next = Math.max(i + 1, lowerBound(starts, this.time(pixel + 1), i + 1));
    const length = this.time(pixel + 1) - this.time(pixel);
    const before = planned ? lane.plannedBefore : lane.busyBefore;
    const busy = Math.min(1, (before[next] - before[i]) / length);
    const forward = planned || before[next] === before[i] ? 0.5 : (lane.forwardBefore[next] - lane.forwardBefore[i]) / (before[next] - before[i]);
    context.globalAlpha = (this.marked !== null ? 0.25 : 0.85) * (planned && this.rows === 'both' ? 0.6 : 1);
    const bar = Math.max(1, height * busy);
    context.fillStyle = theme.accent;
    context.fillRect(pixel, top + height - bar, 1, bar);
    context.globalAlpha *= 0.5;
    context.fillStyle = theme.lane;
    context.fillRect(pixel, top + height - bar * forward, 1, bar * forward);
    return next;
  }

  // A micro-batch's way: its bars in full, joined by a line.
  drawWay(theme) {
    const { context, timeline } = this;
    const planned = this.rows === 'planned';
    // Gradients of weights are handed to nobody: they are not on the way.
    if (this.wayOf !== this.marked) this.way = timeline.wayOf(this.wayOf = this.marked).filter(({ worker, slot }) => timeline.lanes[worker].kind[slot] !== 3);
    const { way } = this;
    context.save();
    context.beginPath();
    context.rect(this.left, 0, this.right - this.left, this.height - axisHeight);
    context.clip();
    const place = ({ worker, slot }) => {
      const lane = timeline.lanes[worker];
      const [top, height] = this.row(worker, planned);
      return [this.x(planned ? lane.plannedStart[slot] : lane.start[slot]), this.x(planned ? lane.plannedEnd[slot] : lane.end[slot]), top + height / 2, top, height];
    };
    for (const one of way) {
      const [from, to, , top, height] = place(one);
      if (to - from >= leastBar) continue;
      context.globalAlpha = 1;
      context.fillStyle = barColor(timeline.lanes[one.worker].kind[one.slot], this.marked, timeline.facts.microBatches);
      context.fillRect(from - 1, top, 2, height);
    }
    context.globalAlpha = 1;
    context.strokeStyle = theme.ink;
    context.lineWidth = 1.5;
    context.beginPath();
    way.slice(1).forEach((one, index) => {
      const [, fromX, fromY] = place(way[index]);
      const [toX, , toY] = place(one);
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
    });
    context.stroke();
    context.restore();
  }

  drawSelected(theme) {
    const { context, timeline, selected } = this;
    const lane = timeline.lanes[selected.worker];
    const planned = this.rows === 'planned';
    const [top, height] = this.row(selected.worker, planned);
    const from = this.x(planned ? lane.plannedStart[selected.slot] : lane.start[selected.slot]);
    const to = this.x(planned ? lane.plannedEnd[selected.slot] : lane.end[selected.slot]);
    if (to < this.left || from > this.right) return;
    context.globalAlpha = 1;
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    const [left, right] = [Math.max(from, this.left), Math.min(Math.max(to, from + 2), this.right)];
    context.strokeRect(left - 1, top - 1, right - left + 2, height + 2);
  }

  // The action at a point of the canvas, or null.
  at(x, y) {
    if (x < this.left || x > this.right) return null;
    const worker = Math.floor((y - 4) / (this.laneHeight + gap));
    if (worker < 0 || worker >= this.timeline.lanes.length) return null;
    const [plannedTop] = this.row(worker, true);
    const planned = this.rows === 'planned' || (this.rows === 'both' && y >= plannedTop);
    // Bars may be narrower than a finger: a pixel to each side counts.
    const reach = this.time(x + 1) - this.time(x);
    return this.timeline.at(worker, this.time(x), planned) || this.timeline.at(worker, this.time(x) + reach, planned);
  }
}

function roundUp(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map(factor => factor * power).find(round => round >= step * 0.999);
}
