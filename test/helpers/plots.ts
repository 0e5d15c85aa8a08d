/** Reads charts of a page back: what stands where, in the values of its axes. */
import { parseHTML } from 'linkedom';

/** What is needed of an element of linkedom, whose types are those of a browser. */
interface Drawn {
  readonly tagName: string;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  closest(selector: string): Drawn | null;
  querySelectorAll(selector: string): Iterable<Drawn>;
}

interface Axis {
  readonly type: string;
  readonly domain: readonly number[];
  readonly range: readonly number[];
}

/** What stands for one number. */
export interface Mark {
  readonly name: string;
  readonly classes: string;
  /** In values of the axis. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** What is drawn, without its place. */
  readonly shape: string;
}

export interface ReadPlot {
  readonly caption: string;
  readonly format: string;
  readonly x: Axis | undefined;
  readonly y: Axis | undefined;
  readonly marks: readonly Mark[];
}

/** All charts of a page. */
export function plotsIn(page: string): ReadPlot[] {
  const { document } = parseHTML(page);
  const plots: Iterable<Drawn> = document.querySelectorAll('svg.plot');
  return Array.from(plots, readPlot);
}

/** The mark of a name. */
export function placeInPlot({ marks }: ReadPlot, name: string): Mark | undefined {
  return marks.find((mark) => mark.name === name);
}

function readPlot(svg: Drawn): ReadPlot {
  const axisOf = (name: 'x' | 'y'): Axis | undefined => {
    const text = svg.getAttribute(`data-${name}`);
    return text === null ? undefined : (JSON.parse(text) as Axis);
  };
  const [x, y] = [axisOf('x'), axisOf('y')];
  const marks = Array.from(svg.querySelectorAll('[data-of]'), (element): Mark => {
    const places = placesOf(element);
    return {
      name: element.getAttribute('data-of') ?? '',
      classes: element.closest('g')?.getAttribute('class') ?? '',
      x: places.map(([left]) => valueAt(x, left)),
      y: places.map(([, top]) => valueAt(y, top)),
      shape: element.tagName + (element.getAttribute('d') ?? ''),
    };
  });
  const caption = svg.getAttribute('aria-label') ?? '';
  return { caption, format: svg.getAttribute('class')?.split(' ')[1] ?? '', x, y, marks };
}

/** In pixels; what lanes add is not in them, as their axes have it neither. */
function placesOf(element: Drawn): (readonly [number, number])[] {
  const number = (name: string): number => Number(element.getAttribute(name));
  if (element.hasAttribute('cx')) return [[number('cx'), number('cy')]];
  const moved = /translate\(([-\d.]+),([-\d.]+)\)/.exec(element.getAttribute('transform') ?? '');
  if (moved !== null) return [[Number(moved[1]), Number(moved[2])]];
  if (element.hasAttribute('x1')) {
    return [
      [number('x1'), number('y1')],
      [number('x2'), number('y2')],
    ];
  }
  const numbers = Array.from((element.getAttribute('d') ?? '').matchAll(/(-?[\d.]+),(-?[\d.]+)/g));
  return numbers.map(([, left, top]) => [Number(left), Number(top)] as const);
}

function valueAt(axis: Axis | undefined, place: number): number {
  if (axis === undefined) return Number.NaN;
  const [from = 0, to = 1] = axis.range;
  const [low = 0, high = 1] = axis.domain;
  const part = (place - from) / (to - from);
  return axis.type === 'log' ? low * (high / low) ** part : low + part * (high - low);
}
