export const extend = (Base) => class extends Base {};
