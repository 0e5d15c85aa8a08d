/** Elements of HTML, SVG and XML as text. */

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Characters that XML 1.0 has no way to write, halves of surrogate pairs among them. */
const UNWRITABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Text as the content or an attribute of an element. */
export function escaped(text: string): string {
  return text
    .replaceAll(UNWRITABLE, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

/** An element; `content` is markup, attributes are text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] = [],
): string {
  return `${emptyElement(name, attributes)}${content.join('')}</${name}>`;
}

/** One of HTML that has no content and no end. */
export function emptyElement(name: string, attributes: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(attributeText(value))}"`,
  );
  return `<${name}${written.join('')}>`;
}

/** Coordinates to a hundredth of a pixel: what is drawn does not depend on the last bits of a logarithm. */
function attributeText(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100 + 0) : value;
}
