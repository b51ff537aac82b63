import { partColors } from './colors.js';
import { css, element, milliseconds, percent, plural } from './format.js';

const wholeNumbers = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000];
const workerHues = [255, 30, 150, 330, 90, 210, 0, 300];

const exists = values => values.some(value => value !== null);

function plain(value) {
  return value === null || value === undefined ? '' : Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}

// What is plotted over the steps; only what was recorded.
function charts(steps) {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const line = (label, values, color, show) => ({ label, values, color, show });
  const all = [
    { title: 'Loss', lines: [line('loss', steps.loss, css('--accent'), plain)] },
    { title: 'Throughput, samples per second', fromZero: true, lines: [line('samples/s', steps.throughput, css('--accent'), plain)] },
    { title: 'Memory of the process, MiB', fromZero: true, lines: [line('resident', steps.memory.map(value => value && value / 1048576), css('--accent'), plain)] },
    {
      title: 'Utilization per worker, percent', fromZero: true, most: 100,
      lines: steps.utilization.map((values, worker) => line(`worker ${worker}`, values.map(value => value === null ? null : 100 * value),
        `oklch(${dark ? 0.74 : 0.56} 0.14 ${workerHues[worker % workerHues.length] + 17 * Math.floor(worker / workerHues.length)})`, value => value === null ? '' : percent(value / 100))),
    },
    stacked(steps),
  ];
  return all.filter(chart => chart.lines.some(one => exists(one.values)));
}

// Ideal and lost time, one upon the other; what a part took off the time counts as nothing here.
function stacked(steps) {
  const parts = [{ name: 'ideal', values: steps.ideal }, ...steps.lost];
  const sums = steps.number.map(() => 0);
  const lines = parts.map(part => {
    const top = part.values.map((value, i) => sums[i] += Math.max(0, value));
    return { label: part.name, values: top, own: part.values, color: css(partColors[part.name]), fill: true };
  });
  return { title: 'Where the time went, ms', fromZero: true, lines: lines.reverse() };
}

function draw(target, chart, numbers) {
  const axis = extra => ({ stroke: css('--quiet'), grid: { stroke: css('--line'), width: 1 }, ticks: { stroke: css('--line') }, font: '12px system-ui, sans-serif', ...extra });
  const few = numbers.length <= 60;
  const series = chart.lines.map(one => ({
    label: one.label, stroke: one.color, width: one.fill ? 1 : 2, fill: one.fill ? one.color : undefined, points: { show: few && !one.fill, size: 5, fill: one.color },
    value: (plot, value, index, at) => one.own ? (at === null || at === undefined ? '' : milliseconds(one.own[at])) : one.show(value === undefined ? null : value),
  }));
  const range = (plot, least, most) => chart.most ? [0, chart.most] : chart.fromZero ? [0, (most || 1) * 1.05] : uPlot.rangeNum(least, most, 0.1, true);
  const plot = new uPlot({
    width: target.clientWidth, height: 240, series: [{ label: 'step' }, ...series], cursor: { points: { size: 7 }, drag: { x: true, y: false } },
    axes: [axis({ incrs: wholeNumbers }), axis({ size: 62 })],
    scales: { x: { time: false, range: (_, least, most) => least === most ? [least - 0.5, most + 0.5] : [least, most] }, y: { range } },
  }, [numbers, ...chart.lines.map(one => one.values)], target);
  const observer = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height: 240 }));
  observer.observe(target);
  return () => { observer.disconnect(); plot.destroy(); };
}

export function drawPlots(root, steps) {
  let undo = [];
  const all = () => {
    undo.forEach(one => one());
    root.replaceChildren();
    undo = charts(steps).map(chart => {
      const target = element('div', { class: 'plot' });
      const summary = `${chart.title}: ${chart.lines.map(one => one.label).join(', ')} over ${plural(steps.number.length, 'step')}`;
      root.append(element('section', { class: 'card', role: 'group', 'aria-label': summary }, element('h3', {}, chart.title), target));
      return draw(target, chart, steps.number);
    });
  };
  all();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
}
