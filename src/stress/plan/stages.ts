/** What an actor does between two rendezvous, and at them. */
export const STAGES = ['trial', 'collection', 'reset', 'rendezvous'] as const;
