// Numbers and elements, the same everywhere.

export function milliseconds(time) {
  const size = Math.abs(time);
  if (size === 0) return '0 ms';
  if (size >= 10000) return (time / 1000).toFixed(2) + ' s';
  return time.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 4) + ' ms';
}

export function percent(share) {
  return (100 * share).toFixed(1) + ' %';
}

export function bytes(count) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  return (unit === 0 || count >= 100 ? count.toFixed(0) : count.toFixed(1)) + ' ' + units[unit];
}

export function plural(count, one, many) {
  return count.toLocaleString('en') + ' ' + (count === 1 ? one : many || one + 's');
}

// Text is always set as text, never as markup: names are the user's.
export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'class') made.className = value;
    else if (name === 'style') made.style.cssText = value;
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
