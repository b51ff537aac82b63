// A step's actions as sorted arrays, one lane per worker, and what can be asked about them.

export const kinds = ['F', 'B', 'I', 'W', 'U'];
export const kindNames = ['forward', 'backward', 'input gradient', 'weight gradient', 'update'];

// The first index from `from` on whose value is at least `value`; the values ascend.
export function lowerBound(values, value, from = 0) {
  let low = from;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Lane {
  constructor(count) {
    this.count = count;
    this.stage = new Uint16Array(count);
    this.kind = new Uint8Array(count);
    this.microBatch = new Uint32Array(count);
    for (const column of ['waitStart', 'start', 'workEnd', 'end', 'paused', 'bytes', 'plannedStart', 'plannedEnd']) this[column] = new Float64Array(count);
  }

  // What ran before action i, summed up: the share of a stretch that was busy needs no walk over its actions.
  sumUp() {
    this.busyBefore = new Float64Array(this.count + 1);
    this.forwardBefore = new Float64Array(this.count + 1);
    this.plannedBefore = new Float64Array(this.count + 1);
    for (let i = 0; i < this.count; i++) {
      const time = this.end[i] - this.start[i];
      this.busyBefore[i + 1] = this.busyBefore[i] + time;
      this.forwardBefore[i + 1] = this.forwardBefore[i] + (this.kind[i] === 0 ? time : 0);
      this.plannedBefore[i + 1] = this.plannedBefore[i] + this.plannedEnd[i] - this.plannedStart[i];
    }
  }
}

export class Timeline {
  constructor(facts, lanes) {
    this.facts = facts;
    this.lanes = lanes;
    this.length = facts.duration;
    for (const lane of lanes) {
      lane.sumUp();
      if (lane.count > 0) this.length = Math.max(this.length, lane.end[lane.count - 1], lane.plannedEnd[lane.count - 1]);
    }
  }

  // The action at a moment, or null.
  at(worker, time, planned = false) {
    const lane = this.lanes[worker];
    const [starts, ends] = planned ? [lane.plannedStart, lane.plannedEnd] : [lane.start, lane.end];
    const slot = lowerBound(ends, time);
    return slot < lane.count && starts[slot] <= time ? { worker, slot } : null;
  }

  // The action whose middle is nearest to a moment.
  nearest(worker, time) {
    const lane = this.lanes[worker];
    if (lane.count === 0) return null;
    const slot = Math.min(lowerBound(lane.end, time), lane.count - 1);
    const before = Math.max(0, slot - 1);
    const distance = i => Math.abs((lane.start[i] + lane.end[i]) / 2 - time);
    return { worker, slot: distance(before) < distance(slot) ? before : slot };
  }

  // All actions of a micro-batch, in the order they began: its way through the stages and back.
  wayOf(microBatch) {
    const way = [];
    this.lanes.forEach((lane, worker) => {
      for (let slot = 0; slot < lane.count; slot++) {
        if (lane.microBatch[slot] === microBatch) way.push({ worker, slot });
      }
    });
    return way.sort((a, b) => this.lanes[a.worker].start[a.slot] - this.lanes[b.worker].start[b.slot]);
  }

  label({ worker, slot }) {
    const lane = this.lanes[worker];
    return `${lane.stage[slot]}${kinds[lane.kind[slot]]}${lane.microBatch[slot]}`;
  }

  // Everything known of an action, as pairs of name and value.
  describe({ worker, slot }, format) {
    const lane = this.lanes[worker];
    const [stage, kind] = [lane.stage[slot], lane.kind[slot]];
    const { milliseconds, bytes } = format;
    const typical = this.facts.stages[stage].typical[kind];
    const work = lane.workEnd[slot] - lane.start[slot];
    const facts = [
      ['action', `${this.label({ worker, slot })}, ${kindNames[kind]}`],
      ['stage', `${stage}: ${this.facts.stages[stage].name}`],
      ['micro-batch', String(lane.microBatch[slot])],
      ['worker, slot', `${worker}, ${slot}`],
      ['waited', milliseconds(lane.start[slot] - lane.waitStart[slot])],
      ['started', milliseconds(lane.start[slot])],
      ['worked', milliseconds(work) + (typical > 0 ? `, ${(work / typical).toFixed(2)}x typical` : '')],
      ['planned', `${milliseconds(lane.plannedStart[slot])}, for ${milliseconds(lane.plannedEnd[slot] - lane.plannedStart[slot])}`],
      ['handing over', milliseconds(lane.end[slot] - lane.workEnd[slot]) + (lane.bytes[slot] > 0 ? `, ${bytes(lane.bytes[slot])}` : '')],
    ];
    if (lane.paused[slot] > 0) facts.push(['collector paused', milliseconds(lane.paused[slot])]);
    return facts;
  }
}
