import { element, milliseconds, percent, plural } from './format.js';
import { GanttView } from './gantt-view.js';
import { drawPlots } from './plots.js';
import { lostTable, prospects, stagesTable, workersTable } from './tables.js';
import { unpack } from './unpack.js';

const byId = id => document.getElementById(id);
const data = JSON.parse(byId('data').textContent);
const view = new GanttView(byId('gantt'));
const choice = byId('step');
let asked = 0;

function describeRun() {
  byId('title').textContent = data.title;
  byId('note').textContent = data.note;
  const last = data.timelines[data.timelines.length - 1];
  const kept = data.dropped > 0
    ? `timelines of ${data.timelines.length} are in this report (the first and the latest), ${data.dropped.toLocaleString('en')} were dropped`
    : 'all timelines are in this report';
  byId('facts').textContent = [last.schedule, plural(last.workers, 'worker'), plural(last.stages.length, 'stage'),
    plural(last.microBatches, 'micro-batch', 'micro-batches'), plural(data.steps.number.length, 'step')].join(' · ') + '; ' + kept + '.';
}

function figure(name, value, about) {
  return element('div', { class: 'figure' }, element('span', { class: 'value' }, value), element('span', { class: 'name' }, name), element('small', {}, about));
}

async function show(index) {
  const turn = ++asked;
  const facts = data.timelines[index];
  choice.value = index;
  byId('previous').disabled = index === 0;
  byId('next').disabled = index === data.timelines.length - 1;
  byId('figures').replaceChildren(
    figure('the step', milliseconds(facts.duration), 'from the call to the last gradient'),
    figure('efficiency', percent(facts.duration > 0 ? facts.ideal / facts.duration : 1), 'of the workers’ time is work at its typical cost'),
    figure('bound', milliseconds(facts.bound), 'what the schedule allows with these stages'),
    figure('started', new Date(facts.startedAt).toLocaleTimeString(), `${new Date(facts.startedAt).toLocaleDateString()}, step ${facts.step} (${facts.mode})`));
  byId('lost').replaceChildren(lostTable(facts), prospects(facts));
  byId('workers').replaceChildren(workersTable(facts));
  byId('stages').replaceChildren(stagesTable(facts));
  const timeline = await unpack(byId(`timeline-${index}`).textContent, facts);
  if (turn !== asked) return; // another step was chosen meanwhile
  view.show(timeline);
  const actions = timeline.lanes.reduce((sum, lane) => sum + lane.count, 0);
  byId('gantt').dataset.actions = actions;
  byId('count').textContent = plural(actions, 'action');
}

function fail(error) {
  byId('failure').hidden = false;
  byId('failure').textContent = `This page needs a browser from 2023 or later; what went wrong: ${error}`;
}

describeRun();
data.timelines.forEach((facts, index) => choice.append(element('option', { value: index }, `step ${facts.step} (${facts.mode}), ${milliseconds(facts.duration)}`)));
choice.addEventListener('change', () => show(Number(choice.value)).catch(fail));
byId('previous').addEventListener('click', () => show(Number(choice.value) - 1).catch(fail));
byId('next').addEventListener('click', () => show(Number(choice.value) + 1).catch(fail));
drawPlots(byId('plots'), data.steps);
show(data.timelines.length - 1).then(() => { document.documentElement.dataset.ready = 'true'; }, fail);
