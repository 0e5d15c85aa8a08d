/** The kernel before the fix once more, as a plug-in: a control of one's own. */
export const expectation = 'violates';

export default (Base) => class extends Base {};
