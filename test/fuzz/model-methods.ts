import {
  allocExtentBuffer,
  attachExtentBufferPage,
  checkBufferTreeRef,
  findExtentBuffer,
  handshake,
  markExtentBufferAccessed,
  radixTreeInsert,
} from './find-methods.ts';
import type { ModelMethod } from './model-method.ts';
import {
  btreeReadpageEndIoHook,
  btreeReadpageFailed,
  lockExtentBufferPages,
  readExtentBufferPages,
  setIoPages,
  submitReads,
  upstream,
} from './read-methods.ts';
import {
  btreeReleasepage,
  btrfsReleaseExtentBufferPages,
  cmpxchgRelease,
  freeExtentBuffer,
  freeExtentBufferStale,
  recheckRelease,
  releaseExtentBuffer,
  tryReleaseExtentBuffer,
} from './release-methods.ts';

/** The methods of the kernel before the fix. */
export const modelMethods: readonly ModelMethod[] = [
  checkBufferTreeRef,
  markExtentBufferAccessed,
  findExtentBuffer,
  btrfsReleaseExtentBufferPages,
  releaseExtentBuffer,
  freeExtentBuffer,
  freeExtentBufferStale,
  tryReleaseExtentBuffer,
  btreeReleasepage,
  setIoPages,
  lockExtentBufferPages,
  submitReads,
  readExtentBufferPages,
  attachExtentBufferPage,
  radixTreeInsert,
  allocExtentBuffer,
  btreeReadpageEndIoHook,
  btreeReadpageFailed,
];

/** Methods that take the place of one of those, each a fix of the race: most programs start from one. */
export const fixes: readonly ModelMethod[] = [upstream, handshake, recheckRelease, cmpxchgRelease];
