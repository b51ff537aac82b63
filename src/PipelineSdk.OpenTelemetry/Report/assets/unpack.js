import { Lane, Timeline } from './timeline.js';

const kindsPerStage = 5;
const ticksPerMillisecond = 10000;

// Reads what PackedTimeline wrote; its comment says how.
export async function unpack(base64, facts) {
  const text = atob(base64);
  const zipped = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) zipped[i] = text.charCodeAt(i);
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream('gzip'));
  const numbers = new Numbers(new Uint8Array(await new Response(stream).arrayBuffer()));
  const lanes = [];
  for (let worker = 0; worker < facts.workers; worker++) lanes.push(readLane(numbers));
  return new Timeline(facts, lanes);
}

function readLane(numbers) {
  const lane = new Lane(numbers.next());
  const column = () => numbers.take(lane.count);
  const code = column();
  lane.microBatch.set(column());
  const [dispatch, wait, work, handOver, paused, size, plannedPause] = [column(), column(), column(), column(), column(), column(), column()];
  const lastSize = new Map();
  const planned = new Map();
  let end = 0;
  for (let i = 0; i < lane.count; i++) {
    lane.stage[i] = code[i] / kindsPerStage;
    lane.kind[i] = code[i] % kindsPerStage;
    // Summed in ticks, which are whole numbers: nothing is lost on the way.
    const waitStart = end + dispatch[i];
    const start = waitStart + wait[i];
    const workEnd = start + work[i];
    end = workEnd + handOver[i];
    lane.waitStart[i] = waitStart / ticksPerMillisecond;
    lane.start[i] = start / ticksPerMillisecond;
    lane.workEnd[i] = workEnd / ticksPerMillisecond;
    lane.end[i] = end / ticksPerMillisecond;
    lane.paused[i] = paused[i] / ticksPerMillisecond;
    lane.bytes[i] = (lastSize.get(code[i]) || 0) + size[i];
    lastSize.set(code[i], lane.bytes[i]);
    // An action's planned work is what is typical of its stage and kind: the median, as Explain takes it.
    if (!planned.has(code[i])) planned.set(code[i], []);
    planned.get(code[i]).push(work[i]);
  }
  const typical = new Map([...planned].map(([key, values]) => [key, median(values)]));
  let plannedEnd = 0;
  for (let i = 0; i < lane.count; i++) {
    lane.plannedStart[i] = (plannedEnd + plannedPause[i]) / ticksPerMillisecond;
    plannedEnd += plannedPause[i] + typical.get(code[i]);
    lane.plannedEnd[i] = plannedEnd / ticksPerMillisecond;
  }
  return lane;
}

function median(values) {
  values.sort((a, b) => a - b);
  const [low, high] = [values[(values.length - 1) >> 1], values[values.length >> 1]];
  return low + Math.floor((high - low) / 2);
}

// LEB128 and zigzag. Times may exceed 32 bits, so bits are put together by multiplication.
class Numbers {
  constructor(data) {
    this.data = data;
    this.at = 0;
  }

  next() {
    let value = 0;
    let factor = 1;
    let byte;
    do {
      byte = this.data[this.at++];
      value += (byte & 0x7f) * factor;
      factor *= 128;
    } while (byte >= 0x80);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  take(count) {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = this.next();
    return values;
  }
}
