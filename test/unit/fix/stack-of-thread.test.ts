import { describe, expect, it } from 'vitest';
import { placeInStack } from '../../../src/fix/plug-in/stack-of-thread.ts';

const stackOf = (frame: string): string =>
  `TypeError: x\n    at helper (file:///a/b.js:1:1)\n    ${frame}\n    at end`;

describe('placeInStack', () => {
  it.each([
    ['at Broken.setIoPages (file:///x/my-fix.mjs:7:42)', 'setIoPages (my-fix.mjs:7)'],
    ['at setIoPages (file:///x/my-fix.mjs:7:42)', 'setIoPages (my-fix.mjs:7)'],
    ['at default.setIoPages [as run] (file:///x/my-fix.mjs:7:42)', 'setIoPages (my-fix.mjs:7)'],
    ['at #check (file:///x/my-fix.mjs:12:3)', '#check (my-fix.mjs:12)'],
    ['at new Broken (file:///x/my-fix.mjs:2:3)', 'Broken (my-fix.mjs:2)'],
    ['at file:///x/my-fix.mjs:3:1', 'my-fix.mjs:3'],
  ])('reads %s', (frame, place) => {
    expect(placeInStack(stackOf(frame), '/x/my-fix.mjs')).toBe(place);
  });

  it('says nothing where the plug-in does not stand in it', () => {
    expect(placeInStack(stackOf('at run (file:///x/other.mjs:1:1)'), '/x/my-fix.mjs')).toBeUndefined();
    expect(placeInStack(undefined, '/x/my-fix.mjs')).toBeUndefined();
  });
});
