import { bioRef } from './bio-ref.ts';
import { cmpxchgRelease } from './cmpxchg-release.ts';
import { earlyCheck } from './early-check.ts';
import { handshakeFind } from './handshake-find.ts';
import { lockedIoPages } from './locked-io-pages.ts';
import { none } from './none.ts';
import { recheckRelease } from './recheck-release.ts';
import type { ExtentBufferStrategy } from '../strategy.ts';
import { upstream } from './upstream.ts';

/** The strategies that come with the project, controls first. A new one is a file beside this and a line here. */
export const strategies: readonly ExtentBufferStrategy[] = [
  none,
  earlyCheck,
  lockedIoPages,
  upstream,
  handshakeFind,
  cmpxchgRelease,
  recheckRelease,
  bioRef,
];
