/** Makes a program smaller, as long as it shows the same. */
import { actorProgram, HOLD } from '../../scenario/hunted/actor-program.ts';
import { type HuntedParts, objectionTo } from '../../scenario/hunted/hunted-scenario.ts';
import { startNamed } from '../../scenario/hunted/start.ts';

/** The programs with one operation, actor, page or failure less. */
export function smallerOf(parts: HuntedParts): readonly HuntedParts[] {
  const { alphabet, start, actors, readsFail, setupsFail } = parts;
  const onePage = start.pages > 1 ? startNamed(alphabet, start.pages - 1, start.name) : undefined;
  const found: HuntedParts[] = [
    ...(onePage === undefined ? [] : [{ ...parts, start: onePage }]),
    ...(readsFail || setupsFail ? [{ ...parts, readsFail: false, setupsFail: false }] : []),
  ];
  for (const [index, { names, isHolder }] of actors.entries()) {
    found.push({ ...parts, actors: actors.toSpliced(index, 1) });
    const from = isHolder ? 1 : 0;
    for (let at = from; at < names.length && names.length > from + 1; at++) {
      const program = actorProgram(alphabet, names.toSpliced(at, 1));
      if (program !== undefined) found.push({ ...parts, actors: actors.with(index, program) });
    }
    // Who only has the buffer lets go of it.
    const putOnly = isHolder && names.length === 2 ? actorProgram(alphabet, [HOLD, 'put']) : undefined;
    if (putOnly !== undefined && putOnly.text !== names.join('.'))
      found.push({ ...parts, actors: actors.with(index, putOnly) });
  }
  return found.filter((smaller) => objectionTo(smaller) === undefined);
}

/** The first of the smaller programs that still shows it, and so on from there. */
export async function shrunk(
  parts: HuntedParts,
  shows: (parts: HuntedParts) => Promise<boolean>,
): Promise<HuntedParts> {
  for (const smaller of smallerOf(parts)) if (await shows(smaller)) return shrunk(smaller, shows);
  return parts;
}
