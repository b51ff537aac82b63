import { Gantt } from './gantt.js';
import { bytes, element, milliseconds } from './format.js';

// What the user does with the chart: zoom, pan, look, mark a micro-batch; by pointer, touch and keys.
export class GanttView {
  constructor(root) {
    this.canvas = root.querySelector('canvas');
    this.tip = root.querySelector('.tip');
    this.details = root.querySelector('.details');
    this.range = root.querySelector('.range');
    this.rows = root.querySelector('select.rows');
    this.pointers = new Map();
    for (const button of root.querySelectorAll('button[data-do]')) button.addEventListener('click', () => this.act(button.dataset.do));
    this.rows.addEventListener('change', () => this.setRows());
    this.canvas.addEventListener('pointerdown', event => this.press(event));
    this.canvas.addEventListener('pointermove', event => this.move(event));
    this.canvas.addEventListener('pointerup', event => this.release(event));
    this.canvas.addEventListener('pointercancel', event => this.pointers.delete(event.pointerId));
    this.canvas.addEventListener('pointerleave', () => { this.tip.hidden = true; });
    this.canvas.addEventListener('wheel', event => this.turn(event), { passive: false });
    this.canvas.addEventListener('dblclick', event => this.zoom(0.25, event.offsetX));
    this.canvas.addEventListener('keydown', event => this.key(event));
    new ResizeObserver(() => this.refresh()).observe(this.canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.refresh());
  }

  show(timeline) {
    this.gantt = new Gantt(this.canvas, timeline);
    this.gantt.rows = this.rows.value;
    this.describe(null);
    this.refresh();
  }

  refresh() {
    if (!this.gantt || this.canvas.clientWidth === 0) return;
    this.gantt.resize();
    this.draw();
  }

  draw() {
    this.gantt.draw();
    const { from, to, timeline, marked } = this.gantt;
    this.range.textContent = `${milliseconds(from)} to ${milliseconds(to)} of ${milliseconds(timeline.length)}` + (marked === null ? '' : `; micro-batch ${marked}`);
    Object.assign(this.canvas.dataset, { from, to, marked: marked === null ? '' : marked });
  }

  setRows() {
    this.gantt.rows = this.rows.value;
    this.refresh();
  }

  act(what) {
    const acts = {
      in: () => this.zoom(0.5), out: () => this.zoom(2), left: () => this.pan(-0.25), right: () => this.pan(0.25),
      fit: () => { this.gantt.show(0, this.gantt.timeline.length); this.draw(); }, clear: () => this.mark(null),
    };
    acts[what]();
  }

  zoom(factor, x = (this.gantt.left + this.gantt.right) / 2) {
    const { gantt } = this;
    const at = gantt.time(x);
    gantt.show(at - (at - gantt.from) * factor, at + (gantt.to - at) * factor);
    this.draw();
  }

  pan(share) {
    const { gantt } = this;
    const by = share * (gantt.to - gantt.from);
    // At an edge it stops; it does not narrow.
    const from = Math.min(Math.max(gantt.from + by, 0), gantt.timeline.length - (gantt.to - gantt.from));
    gantt.show(from, from + gantt.to - gantt.from);
    this.draw();
  }

  mark(microBatch) {
    this.gantt.marked = microBatch;
    if (microBatch === null) this.describe(null);
    this.draw();
  }

  select(action) {
    this.gantt.selected = action;
    this.describe(action);
    this.draw();
  }

  press(event) {
    this.pointers.set(event.pointerId, event.offsetX);
    this.dragged = false;
    this.pressedAt = event.offsetX;
    this.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined) return this.hover(event);
    if (Math.abs(event.offsetX - this.pressedAt) > 3) this.dragged = true;
    if (!this.dragged) return;
    this.tip.hidden = true;
    const { gantt } = this;
    const other = [...this.pointers].find(([id]) => id !== event.pointerId);
    if (other) this.zoom(Math.abs(before - other[1]) / Math.max(1, Math.abs(event.offsetX - other[1])), other[1]);
    else this.pan((before - event.offsetX) / (gantt.right - gantt.left));
    this.pointers.set(event.pointerId, event.offsetX);
  }

  release(event) {
    this.pointers.delete(event.pointerId);
    if (this.dragged || this.pointers.size > 0) return;
    const action = this.gantt.at(event.offsetX, event.offsetY);
    this.gantt.selected = action;
    this.describe(action);
    this.mark(action ? this.gantt.timeline.lanes[action.worker].microBatch[action.slot] : null);
  }

  hover(event) {
    const action = this.gantt.at(event.offsetX, event.offsetY);
    this.tip.hidden = !action || event.pointerType === 'touch';
    if (this.tip.hidden) return;
    this.tip.replaceChildren(...this.list(action));
    const room = this.canvas.clientWidth - this.tip.offsetWidth - 4;
    this.tip.style.left = Math.max(0, Math.min(event.offsetX + 14, room)) + 'px';
    this.tip.style.top = event.offsetY + 18 + 'px';
  }

  // With Ctrl or as a pinch it zooms; sideways or with Shift it pans; else the page scrolls.
  turn(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200))), event.offsetX);
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.pan((event.deltaX || event.deltaY) / (this.gantt.right - this.gantt.left));
    }
  }

  key(event) {
    const { gantt } = this;
    const keys = {
      '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2), 0: () => this.act('fit'), Home: () => this.act('fit'),
      ArrowLeft: () => event.shiftKey ? this.pan(-0.25) : this.step(-1), ArrowRight: () => event.shiftKey ? this.pan(0.25) : this.step(1),
      ArrowUp: () => this.change(-1), ArrowDown: () => this.change(1),
      Enter: () => gantt.selected && this.mark(gantt.timeline.lanes[gantt.selected.worker].microBatch[gantt.selected.slot]),
      Escape: () => { gantt.selected = null; this.mark(null); },
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  }

  // To the neighbouring action of the same worker.
  step(by) {
    const { gantt } = this;
    const { selected, timeline } = gantt;
    if (!selected) {
      const worker = timeline.lanes.findIndex(lane => lane.count > 0);
      return worker < 0 ? undefined : this.reveal(timeline.nearest(worker, gantt.from));
    }
    const slot = Math.min(Math.max(selected.slot + by, 0), timeline.lanes[selected.worker].count - 1);
    this.reveal({ worker: selected.worker, slot });
  }

  // To what another worker did at the same time.
  change(by) {
    const { selected, timeline } = this.gantt;
    if (!selected) return this.step(1);
    const lane = timeline.lanes[selected.worker];
    const at = (lane.start[selected.slot] + lane.end[selected.slot]) / 2;
    let worker = selected.worker + by;
    while (timeline.lanes[worker] && timeline.lanes[worker].count === 0) worker += by;
    if (timeline.lanes[worker]) this.reveal(timeline.nearest(worker, at));
  }

  reveal(action) {
    const { gantt } = this;
    const lane = gantt.timeline.lanes[action.worker];
    const [start, end] = [lane.start[action.slot], lane.end[action.slot]];
    const width = gantt.to - gantt.from;
    if (start < gantt.from || end > gantt.to) gantt.show((start + end - width) / 2, (start + end + width) / 2);
    this.select(action);
  }

  describe(action) {
    if (action) this.details.replaceChildren(...this.list(action));
    else this.details.textContent = 'Point at a bar for its details; click it, or go to it with the arrow keys and press Enter, to see its micro-batch along its way.';
  }

  list(action) {
    return this.gantt.timeline.describe(action, { milliseconds, bytes })
      .map(([name, value]) => element('span', { class: 'fact' }, element('b', {}, name), ' ' + value));
  }
}
