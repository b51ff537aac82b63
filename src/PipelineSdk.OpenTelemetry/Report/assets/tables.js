import { partColors, reasonColors, reasonNames } from './colors.js';
import { element, milliseconds, percent } from './format.js';

const meanings = {
  ideal: 'all work, divided by the workers', 'schedule bubble': 'the schedule’s order, with equal stages', imbalance: 'stages take different times',
  variation: 'actions slower or faster than is typical of their stage', 'garbage collection': 'pauses within actions',
  'hand-over': 'from a sender’s end to the receiver’s start', host: 'before, between and after actions',
};

const reasonMeanings = {
  Fill: 'its first input had not come', Drain: 'it was done, others were not', Dependency: 'the schedule’s order', Imbalance: 'another stage takes longer',
  Variation: 'an action elsewhere took longer than usual', Transfer: 'the input was on its way', LinkFull: 'its own result was handed on', Host: 'neither work nor waiting',
};

function headings(...names) {
  return element('thead', {}, element('tr', {}, ...names.map((name, i) => element('th', { scope: 'col', class: i === 0 ? null : 'number' }, name))));
}

function swatch(color) {
  return element('span', { class: 'swatch', style: `background: var(${color})` });
}

// A cascade from the ideal to the step: each bar begins where the last one ended.
export function lostTable(facts) {
  const rows = [];
  // All to the same digit: they are to be compared.
  const same = time => time.toFixed(facts.duration >= 100 ? 1 : 3) + ' ms';
  let at = 0;
  const most = Math.max(facts.duration, facts.ideal, 1e-9);
  for (const { name, time } of [{ name: 'ideal', time: facts.ideal }, ...facts.lost]) {
    const [from, to] = [Math.min(at, at + time), Math.max(at, at + time)];
    const bar = element('span', { class: 'bar', style: `left: ${100 * from / most}%; width: ${100 * (to - from) / most}%; background: var(${partColors[name]})` });
    rows.push(element('tr', {},
      element('th', { scope: 'row' }, swatch(partColors[name]), name, element('small', {}, meanings[name])),
      element('td', { class: 'cascade' }, element('span', { class: 'track' }, bar)),
      element('td', { class: 'number' }, same(time)),
      element('td', { class: 'number' }, percent(facts.duration > 0 ? time / facts.duration : 0))));
    at += time;
  }
  rows.push(element('tr', { class: 'total' }, element('th', { scope: 'row' }, 'the step'), element('td', { class: 'cascade' }),
    element('td', { class: 'number' }, same(facts.duration)), element('td', { class: 'number' }, percent(1))));
  return element('table', { class: 'lost' }, element('tbody', {}, ...rows));
}

export function prospects(facts) {
  const lines = [];
  if (facts.slowest !== null) {
    const stage = facts.stages[facts.slowest];
    const mean = facts.stages.reduce((sum, one) => sum + one.perMicroBatch, 0) / facts.stages.length;
    lines.push(element('li', {}, 'Slowest stage: ', element('b', {}, `${facts.slowest}: ${stage.name}`),
      `, ${milliseconds(stage.perMicroBatch)} per micro-batch, ${(stage.perMicroBatch / mean).toFixed(2)}x the mean.`));
  }
  lines.push(element('li', {}, 'Bound of the schedule with these stages: ', element('b', {}, milliseconds(facts.bound)), '.'));
  for (const { change, speedUp } of facts.prospects) lines.push(element('li', {}, `${change}: `, element('b', {}, `${speedUp.toFixed(2)}x`), ' the samples per second.'));
  return element('ul', {}, ...lines);
}

// A bar per worker: its work, and its idle time by reason.
export function workersTable(facts) {
  const rows = facts.idle.map((worker, index) => {
    const share = time => facts.duration > 0 ? time / facts.duration : 0;
    const parts = facts.reasons.map((reason, i) => ({ reason, time: worker.reasons[i] })).filter(part => share(part.time) > 0.0005);
    const piece = (time, color, title) => element('span', { style: `width: ${100 * share(time)}%; background: var(${color})`, title: `${title} ${percent(share(time))}` });
    return element('tr', {},
      element('th', { scope: 'row' }, `worker ${index}`),
      element('td', { class: 'number' }, percent(share(worker.work))),
      element('td', { class: 'shares' }, element('span', { class: 'track' }, piece(worker.work, '--ideal', 'work'),
        ...parts.map(part => piece(part.time, reasonColors[part.reason], reasonNames[part.reason])))),
      element('td', { class: 'reasons' }, parts.sort((a, b) => b.time - a.time).map(part => `${reasonNames[part.reason]} ${percent(share(part.time))}`).join(', ')));
  });
  const about = facts.reasons.map(reason => `${reasonNames[reason]}: ${reasonMeanings[reason]}`).join('; ');
  return element('div', {},
    element('div', { class: 'scroll' }, element('table', { class: 'workers' }, element('thead', {}, element('tr', {},
      element('th', { scope: 'col' }, 'worker'), element('th', { scope: 'col', class: 'number' }, 'work'),
      element('th', { scope: 'col' }, 'work and idle time'), element('th', { scope: 'col' }, 'idle by reason'))), element('tbody', {}, ...rows))),
    element('p', { class: 'quiet' }, about + '.'));
}

export function stagesTable(facts) {
  const names = ['forward', 'backward', 'input gradient', 'weight gradient'];
  const ran = names.map((_, kind) => facts.stages.some(stage => stage.typical[kind] > 0));
  const rows = facts.stages.map((stage, index) => element('tr', { class: index === facts.slowest ? 'slowest' : null },
    element('th', { scope: 'row' }, `${index}: ${stage.name}`),
    element('td', { class: 'number' }, stage.worker < 0 ? '' : String(stage.worker)),
    ...stage.typical.filter((_, kind) => ran[kind]).map(time => element('td', { class: 'number' }, milliseconds(time))),
    element('td', { class: 'number' }, milliseconds(stage.perMicroBatch))));
  return element('div', { class: 'scroll' }, element('table', {},
    headings('stage', 'worker', ...names.filter((_, kind) => ran[kind]), 'per micro-batch'), element('tbody', {}, ...rows)));
}
