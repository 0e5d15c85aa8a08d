export default () =>
  class Unrelated {
    name = 'no model';
  };
