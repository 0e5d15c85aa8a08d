import { strategies } from '../../v5.7/strategies/registry.ts';
import { asLife, type LifeStrategy } from '../strategy.ts';

/** The kernel of v5.7, and everything that has been proposed for the race of June 2020. */
export const fixesOf2020: readonly LifeStrategy[] = strategies.map(asLife);
