/** How a report speaks of the pages of a world: of those that a buffer has, of pages, or not at all. */
import type { PagesAre } from '../fix/subject.ts';
import { counted } from './number.ts';

/** `, 4 pages per buffer`, behind the start state; '' of a subject that has none. */
export function pagesPart(pages: number, pagesAre: PagesAre | undefined): string {
  if (pagesAre === 'none') return '';
  return `, ${counted(pages, 'page')}${pagesAre === 'plain' ? '' : ' per buffer'}`;
}

/** `, 4 pages`, among what else a setting is; '' of a subject that has none. */
export function pageCount(pages: number, pagesAre: PagesAre | undefined): string {
  return pagesAre === 'none' ? '' : `, ${counted(pages, 'page')}`;
}
