/**
 * Charts as SVG text, drawn by Observable Plot into a document that is none: no browser, no network, and the same text for the same
 * numbers. Each is drawn twice, for a page and for a phone, so that no text is ever scaled; the page shows the one that fits.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { element, escaped } from '../../saved/markup.ts';

/** In CSS pixels: what a page has, and what a phone of 390 px has. */
export const WIDTHS = { wide: 760, narrow: 340 } as const;

export type Format = keyof typeof WIDTHS;

/** A chart with what it says to those who cannot see it. */
export interface Chart {
  /** A sentence: what is drawn. */
  readonly caption: string;
  /** Keys of the colors and shapes, each with the class of its sample. */
  readonly legend?: readonly (readonly [classes: string, text: string])[];
  /** The plot in a format. Marks may have an `ariaLabel`, which names what is drawn: see `MARKED`. */
  readonly plot: (format: Format) => Plot.PlotOptions;
  /** Under it: the numbers as a table, markup. */
  readonly numbers?: string;
}

/** What all horizontal axes have. */
export const AXIS = {
  className: 'axis',
  tickSize: 4,
  labelArrow: 'none',
  labelAnchor: 'center',
} as const;

/** The attribute that says which number of the result a mark stands for. */
const MARKED = 'data-of';
/** What a reader, or a test, needs to take values from places. */
const SCALES = ['x', 'y'] as const;

/** A figure. */
export function drawn(chart: Chart): string {
  const { caption, legend = [], plot, numbers = '' } = chart;
  const formats: readonly Format[] = ['wide', 'narrow'];
  return element('figure', {}, [
    element('figcaption', {}, [escaped(caption), legendMarkup(legend)]),
    ...formats.map((format) => svgOf(plot(format), { caption, format })),
    numbers,
  ]);
}

function legendMarkup(legend: NonNullable<Chart['legend']>): string {
  if (legend.length === 0) return '';
  const items = legend.map(([classes, text]) =>
    element('li', {}, [element('span', { class: `key ${classes}`, 'aria-hidden': 'true' }), escaped(text)]),
  );
  return element('ul', { class: 'legend' }, items);
}

function svgOf(
  options: Plot.PlotOptions,
  { caption, format }: { readonly caption: string; readonly format: Format },
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = Plot.plot({ ...options, document, width: WIDTHS[format], className: 'plot' });
  // A title or a legend of Plot's own would make it more than one element.
  const scales = SCALES.map((name) => figure.scale(name));
  for (const style of figure.querySelectorAll('style')) style.remove();
  for (const each of figure.querySelectorAll('[aria-label]')) {
    const name = each.getAttribute('aria-label') ?? '';
    each.removeAttribute('aria-label');
    each.removeAttribute('aria-hidden');
    if (each.tagName.toLowerCase() !== 'g') each.setAttribute(MARKED, name);
  }
  for (const [index, scale] of scales.entries()) {
    if (scale?.domain === undefined || scale.type === 'point' || scale.type === 'band') continue;
    const { type, domain, range } = scale;
    figure.setAttribute(`data-${SCALES[index] ?? ''}`, JSON.stringify({ type, domain, range }));
  }
  figure.setAttribute('class', `plot ${format}`);
  figure.setAttribute('role', 'img');
  figure.setAttribute('aria-label', caption);
  return rounded(quoted(figure.outerHTML));
}

/** As elements of ours are written: no angle bracket in an attribute, either. */
function quoted(markup: string): string {
  return markup.replaceAll(/="[^"]*"/g, (value) => value.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}

/** Places to a hundredth of a pixel: what is drawn does not depend on the last bits of a logarithm. */
function rounded(markup: string): string {
  return markup.replaceAll(
    /(?<= (?:d|points|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height)=")[^"]*/g,
    (value) =>
      value.replaceAll(/-?\d+\.\d+(?:e-?\d+)?/g, (number) =>
        String(Math.round(Number(number) * 100) / 100 + 0),
      ),
  );
}
