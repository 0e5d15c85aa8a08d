import type { Role } from './scenario.ts';

/** What a role says of itself that only plays its program: it holds nothing, starts no IO and waits for nobody. */
export const BARE_ROLE: Omit<Role, 'name' | 'program'> = {
  summary: '',
  allocates: 0,
  submitsReads: false,
  completesReads: false,
  waitsForPages: false,
  waitsForOwnRead: false,
};
