import { readFile } from 'node:fs/promises';
import { importPlugIn } from '../fix/plug-in/import-plug-in.ts';
import { huntedNamed } from './alphabets.ts';
import { addScenario, builtInSubject, findScenario, isLitmusPath, isScenarioPlugIn } from './registry.ts';
import { litmusScenario } from '../scenario/litmus/litmus-scenario.ts';
import { parseLitmus } from '../scenario/litmus/parse-litmus.ts';
import { PlugInError } from '../fix/plug-in/plug-in-error.ts';
import { placeInStack } from '../fix/plug-in/stack-of-thread.ts';
import { ScenarioError } from '../scenario/scenario-error.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { scenarioFrom } from '../scenario/scenario-module.ts';

/** The program of `hunt` whose text a module exports. */
function huntedFrom(text: string, name: string, refuse: (objection: string) => never): Scenario {
  const found = huntedNamed(text);
  if (found === undefined) {
    const expected = 'expected the members of a scenario, or the text of a program of hunt';
    return refuse(`the default export: ${expected}, got '${text.slice(0, 60)}'`);
  }
  return { ...found, name, isPlugIn: true };
}

/** The scenario of a litmus test. */
async function litmusFrom(
  path: string,
  refuse: (objection: string, cause?: unknown) => never,
): Promise<Scenario> {
  try {
    return litmusScenario(parseLitmus(await readFile(path, 'utf8')), path);
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/**
 * Makes the scenario of a name known in this thread: nothing for those of the project, and the module of a path, whose default
 * export is a `ScenarioPlugIn`, is loaded; a litmus test is read. Its path is its name from there on, so that whatever names a scenario (a schedule, a
 * result, the plan of a thread) says where it comes from.
 * @throws {ScenarioError} If the module is no scenario.
 */
export async function loadScenario(name: string): Promise<void> {
  if (!isScenarioPlugIn(name) || findScenario(name) !== undefined) return;
  const refuse = (objection: string, cause?: unknown): never => {
    throw new ScenarioError(`${name}: ${objection}`, { cause });
  };
  if (isLitmusPath(name)) {
    addScenario(await litmusFrom(name, refuse));
    return;
  }
  const module = await importPlugIn({ kind: 'scenario', path: name }, refuse);
  try {
    const given = module['default'];
    addScenario(
      typeof given === 'string'
        ? huntedFrom(given, name, refuse)
        : scenarioFrom(module, name, refuse, builtInSubject()),
    );
  } catch (cause) {
    if (cause instanceof PlugInError) throw cause;
    // Whatever is a getter, or a Proxy, runs code of the user's while its member is read.
    const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
    const place = placeInStack(stack, name);
    refuse(`cannot be read: ${place === undefined ? '' : `${place}: `}${message.split('\n')[0]}`, cause);
  }
}
