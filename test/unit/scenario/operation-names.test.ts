/** Operations that are called as a function of the model count as taken where that is called: see `idleOperations`. */
import { describe, expect, it } from 'vitest';
import { scenarios } from '../../../src/catalog/registry.ts';
import { kernelMethods } from '../../../src/fix/mutation/method-hooks.ts';
import { kernelName } from '../../../src/fix/mutation/mutation.ts';

describe('an operation with the name of a function', () => {
  it.each(scenarios)('calls it itself: $name', ({ subject, roles }) => {
    const methods = [...kernelMethods(subject.Model).keys()];
    const methodOf = new Map(methods.map((method) => [kernelName(method), method]));
    const others = roles.flatMap(({ name, program }) =>
      program.flatMap((operation) => {
        const method = methodOf.get(operation.name);
        const source = Function.prototype.toString.call(operation.run);
        return method === undefined || source.includes(`.${method}(`) ? [] : [`${name}: ${operation.name}`];
      }),
    );

    expect(others).toEqual([]);
  });
});
