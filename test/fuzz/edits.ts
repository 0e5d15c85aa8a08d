import type { Prng } from '../../src/stats/prng.ts';
import { call, condition, lock, odd, pick, type Scope, type Tag, write } from './snippets.ts';
import { flatten, moveStatement, parseStatements, replaceStatement, type Statement } from './statements.ts';

/** One change of one method. Edits are made one after the other; each stands for itself. */
export interface Edit {
  readonly method: string;
  /** For people. */
  readonly label: string;
  readonly tag: Tag | undefined;
  readonly apply: (body: readonly Statement[]) => readonly Statement[];
}

type Change = (statement: Statement) => readonly Statement[];

interface Target {
  readonly prng: Prng;
  readonly scope: Scope;
  /** A statement of the method as it is now. */
  readonly at: Statement;
  /** Begins the numbers of what the edit brings in. */
  readonly prefix: string;
}

type Maker = (target: Target) => Omit<Edit, 'method'> | undefined;

function changing(target: Target, label: string, change: Change, tag?: Tag): Omit<Edit, 'method'> {
  const { id, text } = target.at;
  return { label: `${label}: ${text}`, tag, apply: (body) => replaceStatement(body, id, change) };
}

const dropped: Maker = (target) => (target.at.isFixed ? undefined : changing(target, 'dropped', () => []));

const doubled: Maker = (target) => {
  if (target.at.isFixed || target.at.text.startsWith('return')) return undefined;
  return changing(target, 'doubled', (statement) => [statement, renumbered(statement, target.prefix)]);
};

const moved: Maker = ({ prng, at }) => {
  if (at.isFixed) return undefined;
  const by = pick(prng, [-3, -2, -1, 1, 2, 3]);
  return {
    label: `moved by ${by}: ${at.text}`,
    tag: undefined,
    apply: (body) => moveStatement(body, at.id, by),
  };
};

/** An `if` whose condition is not asked any more, and one that is asked the other way round. */
const unconditional: Maker = (target) =>
  target.at.isFixed || !target.at.text.startsWith('if ')
    ? undefined
    : changing(target, 'without its condition', ({ body = [] }) => body);

const negated: Maker = (target) => {
  const inner = /^if \((?<condition>.*)\) \{$/.exec(target.at.text)?.groups?.['condition'];
  if (target.at.isFixed || inner === undefined) return undefined;
  return changing(target, 'negated', (statement) => [{ ...statement, text: `if (!(${inner})) {` }]);
};

/** The statement inside of another, given as text with `@` in its place. */
function wrapped(target: Target, label: string, text: string, tag?: Tag): ReturnType<Maker> {
  if (target.at.isFixed) return undefined;
  const around = parseStatements(text, target.prefix);
  return changing(target, label, (statement) => withInside(around, statement), tag);
}

function withInside(around: readonly Statement[], statement: Statement): Statement[] {
  return around.flatMap((each) => {
    if (each.text === '@') return [statement];
    return [each.body === undefined ? each : { ...each, body: withInside(each.body, statement) }];
  });
}

const inLoop: Maker = (target) => {
  if (/^return|^break|^continue/.test(target.at.text)) return undefined;
  const head = pick(target.prng, [
    'for (const each of pages) {',
    'for (let round = 0; round < 2; round++) {',
    `for (let round = 0; round < 3 && ${condition(target.prng, target.scope)}; round++) {`,
  ]);
  return wrapped(target, `in a loop, ${head}`, `${head}\n@\n}`);
};

const underCondition: Maker = (target) => {
  const asked = condition(target.prng, target.scope);
  return wrapped(target, `only if ${asked}`, `if (${asked}) {\n@\n}`);
};

const underLock: Maker = (target) => {
  const [take, give] = lock(target.prng, target.scope);
  return wrapped(target, `under a lock, ${take}`, `${take}\n@\n${give}`);
};

const inReadSection: Maker = (target) =>
  wrapped(target, 'in a read section', 'mem.rcuReadLock();\n@\nmem.rcuReadUnlock();');

const guarded: Maker = (target) => {
  const { prng, scope } = target;
  const text = pick(prng, [
    '!try {\n@\n}\n!catch {\nmem.cpuRelax();\n}',
    `!try {\n@\n}\n!finally {\n${write(prng, scope)}\n}`,
    `!try {\n@\nthrow new Error('planted');\n}\n!catch {\n${write(prng, scope)}\n}`,
    `!try {\nif (${condition(prng, scope)}) {\nthrow new Error('planted');\n}\n@\n}\n!catch {\n${odd(prng, scope)}\n}`,
    `!try {\n@\n}\n!catch (error) {\nthrow error;\n}`,
  ]);
  return wrapped(target, `guarded, ${text.replaceAll(/\n!?/g, ' ')}`, text, 'catch');
};

/** The whole body guarded, so that whatever passes through it is seen where no step comes behind. */
const whollyGuarded: Maker = ({ prng, scope, prefix }) => {
  const back = `return ${scope.method.returns ?? ''};`;
  const text = pick(prng, [
    `!try {\n@\n}\n!catch {\n${back}\n}`,
    `!try {\n@\n}\n!finally {\nthis.note(FOUND);\n}`,
    `!try {\n@\n}\n!catch (error) {\nthis.violated(3);\nthrow error;\n}`,
  ]);
  if (scope.method.returns === undefined) return undefined;
  const around = parseStatements(text, prefix);
  return {
    label: `all of it guarded, ${text.replaceAll(/\n!?/g, ' ')}`,
    tag: 'catch',
    apply: (body) => around.map((each) => withBody(each, body)),
  };
};

function withBody(statement: Statement, inside: readonly Statement[]): Statement {
  const body = statement.body?.flatMap((each) => (each.text === '@' ? inside : [each]));
  return { ...statement, body };
}

/** Something new in front of the statement. */
const inserted: Maker = (target) => {
  const { prng, scope } = target;
  const { returns } = scope.method;
  const text = pick(prng, [
    () => write(prng, scope),
    () => write(prng, scope),
    () => call(prng, scope),
    () => call(prng, scope),
    () => odd(prng, scope),
    () => odd(prng, scope),
    () => lock(prng, scope).join('\n'),
    () => `if (${condition(prng, scope)}) {\n${write(prng, scope)}\n}`,
    () =>
      returns === undefined ? odd(prng, scope) : `if (${condition(prng, scope)}) {\nreturn ${returns};\n}`,
    () => `for (let round = 0; round < 2; round++) {\n${write(prng, scope)}\n}`,
    () => `while (${condition(prng, scope)}) {\nmem.cpuRelax();\n}`,
    () => `ok = ${condition(prng, scope)};`,
  ])();
  const brought = parseStatements(text, target.prefix);
  return changing(target, `inserted ${text.replaceAll('\n', ' ')} before`, (statement) => [
    ...brought,
    statement,
  ]);
};

const returned: Maker = (target) => {
  const { returns } = target.scope.method;
  if (target.at.isFixed || returns === undefined) return undefined;
  const brought = parseStatements(`return ${returns};`, target.prefix);
  return changing(target, 'returned before', (statement) => [...brought, statement]);
};

/** What is read at one place and decides something at another. */
const linked: Maker = (target) => {
  const { prng, scope, at } = target;
  if (!scope.hasBuffer || at.isFixed) return undefined;
  const read = pick(prng, ['mem.atomicRead(eb + EB_REFS)', 'mem.readOnce(eb + EB_IO_PAGES)']);
  const kept = `kept${target.prefix.replace('.', '')}`;
  // Not `const`: another edit may double or move the declaration.
  const text = `{\nvar ${kept} = ${read};\n@\nif (${kept} === ${prng.nextBelow(4)}) {\n${write(prng, scope)}\n}\n}`;
  return wrapped(target, 'what was read before decides behind', text);
};

const SPLITS: readonly (readonly [RegExp, string])[] = [
  [/mem\.atomicInc\(([^()]+)\)/, 'mem.atomicSet($1, mem.atomicRead($1) + 1)'],
  [/mem\.atomicDec\(([^()]+)\)/, 'mem.atomicSet($1, mem.atomicRead($1) - 1)'],
  [/mem\.atomicDecAndTest\(([^()]+)\)/, '(mem.atomicDec($1), mem.atomicRead($1) === 0)'],
  [/mem\.atomicIncNotZero\(([^()]+)\)/, '(mem.atomicRead($1) !== 0 && (mem.atomicInc($1), true))'],
  [/mem\.atomicFetchInc\(([^()]+)\)/, '(mem.atomicInc($1), mem.atomicRead($1) - 1)'],
  [/mem\.testAndSetBit\(([^()]+)\)/, '(mem.testBit($1) || (mem.setBit($1), false))'],
  [/mem\.testAndClearBit\(([^()]+)\)/, '(mem.testBit($1) && (mem.clearBit($1), true))'],
  [/mem\.trylockPage\(([^()]+)\)/, '(!mem.testBit(PG_LOCKED, $1 + PAGE_FLAGS) && (mem.lockPage($1), true))'],
];

/** An atomic access made of two. */
const split: Maker = (target) => {
  const found = SPLITS.find(([pattern]) => pattern.test(target.at.text));
  if (found === undefined) return undefined;
  const [pattern, parts] = found;
  return changing(target, 'split', (statement) => [
    { ...statement, text: statement.text.replace(pattern, parts) },
  ]);
};

const MAKERS: readonly Maker[] = [
  dropped,
  dropped,
  dropped,
  doubled,
  moved,
  moved,
  moved,
  unconditional,
  negated,
  split,
  split,
  inserted,
  inserted,
  inserted,
  inserted,
  returned,
  linked,
  underCondition,
  underLock,
  inReadSection,
  inLoop,
  guarded,
  whollyGuarded,
];

/** A random edit of a method's body, `number` among those of its program. */
export function randomEdit(prng: Prng, scope: Scope, body: readonly Statement[], number: number): Edit {
  for (;;) {
    const at = pick(prng, flatten(body));
    if (/^catch|^finally/.test(at.text)) continue;
    const made = pick(prng, MAKERS)({ prng, scope, at, prefix: `e${number}.` });
    if (made === undefined) continue;
    if (made.tag !== undefined && scope.without.has(made.tag)) continue;
    return { method: scope.method.name, ...made };
  }
}

function renumbered(statement: Statement, prefix: string): Statement {
  const { id, body } = statement;
  return {
    ...statement,
    id: `${prefix}${id}`,
    body: body?.map((each) => renumbered(each, prefix)),
  };
}
