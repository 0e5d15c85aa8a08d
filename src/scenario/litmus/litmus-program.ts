import type { SharedMemory } from '../../memory/shared-memory.ts';
import { litmusCalls } from './litmus-calls.ts';
import type { Expression, Statement } from './litmus-test.ts';

/** What a thread works with. */
interface Running {
  readonly memory: SharedMemory;
  /** The address of a location. */
  readonly addressOf: (location: string) => number;
  readonly registers: Map<string, number>;
}

/** Runs the statements of a thread. Returns its registers at the end. */
export function runThread(
  body: readonly Statement[],
  parts: Pick<Running, 'memory' | 'addressOf'>,
): ReadonlyMap<string, number> {
  const running = { ...parts, registers: new Map<string, number>() };
  run(body, running);
  return running.registers;
}

function run(body: readonly Statement[], running: Running): void {
  for (const statement of body) {
    switch (statement.kind) {
      case 'set':
        running.registers.set(statement.register, valueOf(statement.value, running));
        break;
      case 'do':
        valueOf(statement.value, running);
        break;
      case 'if':
        run(valueOf(statement.condition, running) === 0 ? statement.otherwise : statement.met, running);
        break;
    }
  }
}

function valueOf(expression: Expression, running: Running): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'register':
      return running.registers.get(expression.name) ?? 0;
    case 'unary':
      return unary(expression.operator, valueOf(expression.of, running));
    case 'binary': {
      const left = valueOf(expression.left, running);
      if (expression.operator === '&&' && left === 0) return 0;
      if (expression.operator === '||' && left !== 0) return 1;
      return binary(expression.operator, left, valueOf(expression.right, running));
    }
    case 'call': {
      const values = expression.values.map((value) => valueOf(value, running));
      const address = expression.location === '' ? 0 : running.addressOf(expression.location);
      return litmusCalls.get(expression.name)?.perform(running.memory, address, values) ?? 0;
    }
  }
}

function unary(operator: string, value: number): number {
  switch (operator) {
    case '-':
      return -value | 0;
    case '!':
      return value === 0 ? 1 : 0;
    case '~':
      return ~value;
    default:
      return value;
  }
}

function binary(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return (left + right) | 0;
    case '-':
      return (left - right) | 0;
    case '*':
      return Math.imul(left, right);
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return left << right;
    case '>>':
      return left >> right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '>':
      return Number(left > right);
    case '<=':
      return Number(left <= right);
    case '>=':
      return Number(left >= right);
    // What is left are && and ||, whose first half did not decide.
    default:
      return Number(right !== 0);
  }
}
