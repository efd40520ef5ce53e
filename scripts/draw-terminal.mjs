// SPDX-License-Identifier: GPL-2.0-only
// Draws what a terminal shows as an SVG: `tmux capture-pane -p -e` on stdin, the picture on stdout. Arguments are ranges
// of lines to keep (`1-21 60-67`, 1-based); between two ranges the picture has a line of dots.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const FONT =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const SIZE = 14;
/** A monospace cell at that size; `textLength` holds every run to it, whatever font is there. */
const CELL = 8.4;
const LINE = 20;
const MARGIN = 20;
const BAR = 34;
const INK = '#d5dbe3';
const PAPER = '#161b22';
/** By the number of the SGR foreground. */
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' };
const SGR = new RegExp(`${String.fromCodePoint(0x1b)}\\[([\\d;]*)m`);
const PLAIN = { bold: false, dim: false, colour: INK };

/** @param {typeof PLAIN} style @param {string} codes */
function styled(style, codes) {
  return (codes === '' ? '0' : codes).split(';').reduce((now, code) => {
    if (code === '0') return PLAIN;
    if (code === '1') return { ...now, bold: true };
    if (code === '2') return { ...now, dim: true };
    if (code === '22') return { ...now, bold: false, dim: false };
    if (code === '39') return { ...now, colour: INK };
    return COLOURS[code] === undefined ? now : { ...now, colour: COLOURS[code] };
  }, style);
}

/** Lines as runs of one style; a style lasts beyond the end of its line. */
function runsOf(text) {
  let style = PLAIN;
  return text.split('\n').map((line) => {
    const runs = [];
    let column = 0;
    for (const [index, part] of line.split(SGR).entries()) {
      if (index % 2 === 1) style = styled(style, part);
      else if (part !== '') {
        runs.push({ column, text: part, style });
        column += [...part].length;
      }
    }
    return runs;
  });
}

function draw(lines) {
  const columns = Math.max(...lines.flat().map(({ column, text }) => column + [...text.trimEnd()].length));
  const width = Math.ceil(columns * CELL + 2 * MARGIN);
  const height = BAR + lines.length * LINE + MARGIN;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, i) => `<circle cx="${MARGIN + 6 + i * 20}" cy="18" r="6" fill="${fill}"/>`,
  );
  const body = lines.flatMap((runs, row) => runs.flatMap((run) => drawRun(run, row)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}" font-size="${SIZE}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${PAPER}"/>`,
    ...dots,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function drawRun({ column, text, style: { bold, dim, colour } }, row) {
  const spaces = text.length - text.trimStart().length;
  const shown = text.trim();
  if (shown === '') return [];
  const x = (MARGIN + (column + spaces) * CELL).toFixed(1);
  const y = BAR + row * LINE + 15;
  const length = ([...shown].length * CELL).toFixed(1);
  const weight = bold ? ' font-weight="600"' : '';
  const opacity = dim ? ' fill-opacity="0.6"' : '';
  const escaped = shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" textLength="${length}" xml:space="preserve" fill="${colour}"${weight}${opacity}>${escaped}</text>`;
}

const all = runsOf(readFileSync(0, 'utf8').trimEnd());
const ranges = process.argv.slice(2).map((range) => range.split('-').map(Number));
const kept = ranges.flatMap(([from, to], i) => {
  const part = all.slice(from - 1, to);
  return i === 0 ? part : [[], [{ column: 0, text: '⋮', style: { ...PLAIN, dim: true } }], [], ...part];
});
process.stdout.write(draw(ranges.length === 0 ? all : kept));
