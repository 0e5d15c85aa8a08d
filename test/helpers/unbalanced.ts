/** Names of the elements that are open at the end, or closed in another order than they were opened. */
export function unbalanced(markup: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = '', end] of markup.matchAll(/<(\/?)([a-z][a-z0-9-]*)(?:\s[^<>]*?)?(\/?)>/gi)) {
    if (['meta', 'input', 'wbr'].includes(name) || end === '/') continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return open;
}
