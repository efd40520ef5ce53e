// SPDX-License-Identifier: GPL-2.0-only
// Runs in a browser, in the page that is looked at.

/** Runs in the page: what cannot be read on this screen, a line each. */
globalThis.faultsInLayout = () => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > screen.width) faults.push(`the page is ${root.scrollWidth} wide`);
  const named = (element) => `${element.tagName} ${(element.textContent ?? '').trim().slice(0, 40)}`;
  for (const element of document.body.querySelectorAll('*')) {
    const { left, right, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0 || element.closest('svg title') !== null) continue;
    const scrolls = element.closest('.wide') !== null;
    if (!scrolls && (left < 0 || right > screen.width + 0.5))
      faults.push(`beside the screen: ${named(element)}`);
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    if (size < 10.5) faults.push(`too small, ${size}: ${named(element)}`);
  }
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((text) => ({
      text,
      box: text.getBoundingClientRect(),
    }));
    for (const [index, { text, box }] of texts.entries()) {
      if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.bottom > frame.bottom + 0.5)
        faults.push(`out of its picture: ${named(text)}`);
      for (const other of texts.slice(index + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && down > 4) faults.push(`one over the other: ${named(text)}, ${named(other.text)}`);
      }
    }
  }
  return faults;
};

/** Runs in the page: text whose contrast with the page is below 4.5 to 1 (WCAG 2, AA), a line each. */
globalThis.faintTexts = () => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const over = (colours) => {
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = window.matchMedia('(prefers-color-scheme: dark)').matches
    ? 'rgb(18, 18, 18)'
    : 'rgb(255, 255, 255)';
  return [...document.body.querySelectorAll('p, li, a, span, strong, pre, h1, h2, h3')].flatMap((element) => {
    const { color, opacity, backgroundColor } = getComputedStyle(element);
    const ground = over([paper, backgroundColor]);
    const groundText = `rgb(${ground.slice(0, 3).join(',')})`;
    const ink = color.replace(/^rgb\((.*)\)$/, `rgba($1, ${opacity})`);
    const [a, b] = [light(ground), light(over([groundText, ink]))].toSorted((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    return contrast < 4.5
      ? [`${contrast.toFixed(2)}: ${element.tagName} ${(element.textContent ?? '').slice(0, 30)}`]
      : [];
  });
};
