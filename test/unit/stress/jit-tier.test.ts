import { describe, expect, it } from 'vitest';
import { jitTier } from '../../../src/stress/host/jit-tier.ts';

describe('jitTier', () => {
  it.each<[string, string[], string]>([
    ['TurboFan', [], '11.3.244.8-node.38'],
    ['TurboFan', ['--enable-source-maps', '--max-old-space-size=64'], '13.6.233'],
    ['Sparkplug', ['--no-opt'], '11.3.244.8-node.38'],
    ['Maglev', ['--no-opt'], '13.6.233.17-node.41'],
    ['Maglev', ['--maglev', '--noturbofan'], '11.3.244'],
    ['Sparkplug', ['--no_opt', '--no-maglev'], '13.6.233'],
    ['Ignition', ['--no-opt', '--no-sparkplug'], '11.3.244'],
    ['Ignition', ['--jitless'], '13.6.233'],
    ['TurboFan', ['--no-opt', '--opt'], '13.6.233'],
  ])('is %s with %j in V8 %s', (tier, flags, v8) => {
    expect(jitTier({ flags, v8 }).tier).toBe(tier);
  });

  it('names the flags that bear on it and no others', () => {
    const flags = ['--inspect', '--max-lazy', '--always_turbofan', '--title=x', '--interrupt-budget=1000'];
    expect(jitTier({ flags, v8: '11.3' }).flags).toEqual([
      '--max-lazy',
      '--always-turbofan',
      '--interrupt-budget=1000',
    ]);
  });
});
