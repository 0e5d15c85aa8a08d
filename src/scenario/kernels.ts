/**
 * A race on several kernels of one generation: what differs between them stands in their models, each of them a class of its own, so that
 * whatever takes the name of a scenario (a setting, a schedule, a result, a thread, a mutant's ladder) takes `NAME@KERNEL` as well.
 *
 * A kernel is added where its generation lists them, in `kernels.ts` beside its models: `--kernel`, `list` and every scenario that is made
 * with that list have it then.
 */
import type { Scenario } from './scenario.ts';
import { didYouMean } from '../fix/plug-in/suggest.ts';

/** Stands between the name of a scenario and that of its kernel. */
const MARK = '@';

/** The kernels of a generation, oldest first, and the one that is played unless another is named. */
export interface KernelNames<Kernel extends string = string> {
  readonly names: readonly Kernel[];
  readonly default: NoInfer<Kernel>;
}

/**
 * A scenario that is played on each of these kernels, as the default one has it. `scenario` makes that of a kernel: with the name that it
 * has without a kernel, and a subject whose Model, and the Base of whose strategies, is that kernel's. It is called once for each kernel
 * that anybody asks for.
 * @throws {RangeError} If the default is none of the kernels.
 */
export function onKernels<Kernel extends string>(
  { names, default: usual }: KernelNames<Kernel>,
  scenario: (kernel: Kernel) => Omit<Scenario, 'kernels'>,
): Scenario {
  const made = new Map<string, Scenario>();
  const of = (name: string): Scenario => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const kernel = names.find((each) => each === name);
    if (kernel === undefined) throw new RangeError(`unknown kernel '${name}': choose ${names.join(', ')}`);
    const plain = scenario(kernel);
    const played: Scenario = {
      ...plain,
      name: kernel === usual ? plain.name : plain.name + MARK + kernel,
      kernels: { names, default: usual, own: kernel, of },
    };
    made.set(kernel, played);
    return played;
  };
  return of(usual);
}

/** What a result says of the kernel, beside the name of its scenario: nothing where that has only one. */
export function kernelIn({ kernels }: Pick<Scenario, 'kernels'>): { readonly kernel?: string } {
  return kernels === undefined ? {} : { kernel: kernels.own };
}

/** The name of a scenario, apart from that of a kernel; `known` are those without one. */
function split(known: readonly Scenario[], name: string): readonly [Scenario | undefined, string?] {
  const whole = known.find((scenario) => scenario.name === name);
  const at = name.lastIndexOf(MARK);
  if (whole !== undefined || at < 0) return [whole];
  const plain = name.slice(0, at);
  return [known.find((scenario) => scenario.name === plain), name.slice(at + 1)];
}

/** The scenario of a name, perhaps with a kernel behind it, undefined if there is none. `known` are those without one. */
export function scenarioIn(known: readonly Scenario[], name: string): Scenario | undefined {
  const [found, kernel] = split(known, name);
  if (kernel === undefined) return found;
  return found?.kernels?.names.includes(kernel) === true ? found.kernels.of(kernel) : undefined;
}

/**
 * What is wrong with the kernel in the name of a scenario; undefined where that has none, or there is no such scenario. `shown`
 * is how a text of the user's is said again.
 */
export function kernelObjection(
  known: readonly Scenario[],
  name: string,
  shown: (text: string) => string = (text) => `'${text}'`,
): string | undefined {
  const [found, kernel] = split(known, name);
  if (found === undefined || kernel === undefined) return undefined;
  const names = found.kernels?.names;
  if (names === undefined)
    return `${found.name} is played on one kernel only; ${playedOnText(known, kernel, shown)}`;
  if (names.includes(kernel)) return undefined;
  // Another one is played on it.
  if (known.some(({ kernels }) => kernels?.names.includes(kernel) === true))
    return `${found.name} is not played on ${kernel} (it has ${names.join(', ')})`;
  return `unknown kernel ${shown(kernel)}${didYouMean(kernel, names)} (known of ${found.name}: ${names.join(', ')})`;
}

/** Which scenarios are played on a kernel. */
export function playedOnText(
  known: readonly Scenario[],
  kernel: string,
  shown: (text: string) => string,
): string {
  const names = known.flatMap(({ name, kernels }) =>
    kernels?.names.includes(kernel) === true ? [name] : [],
  );
  return names.length === 0 ? `no scenario has ${shown(kernel)}` : `${kernel} have: ${names.join(', ')}`;
}

/**
 * The name of a scenario with a kernel behind it.
 * @throws {RangeError} If there is another one already; half a sentence.
 */
export function nameOnKernel(known: readonly Scenario[], name: string, kernel: string): string {
  const [, named] = split(known, name);
  if (named === undefined) return name + MARK + kernel;
  if (named === kernel) return name;
  throw new RangeError(`${name} names one already; give one of the two`);
}
