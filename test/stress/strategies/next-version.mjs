/** Written for a later interface. */
export const apiVersion = 2;

export default (Base) => class extends Base {};
