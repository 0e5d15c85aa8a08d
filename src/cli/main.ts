#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

const argv = process.argv.slice(2);
// A search keeps what it makes: copied at every small step of the young heap, that took 22 ms of a proof of 500, and takes 10.
if (argv[0] === 'explore') setFlagsFromString('--semi-space-growth-factor=16');
// A small search is over sooner than what it does not need is loaded, so that it has a file of its own: see scripts/bundle.ts.
const explored = argv[0] === 'explore' ? await (await import('./main-explore.ts')).main(argv) : undefined;
process.exitCode = explored ?? (await (await import('./main-any.ts')).main(argv));
