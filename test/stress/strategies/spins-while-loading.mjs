/** Never gets through loading. */
function search() {
  for (let turn = 0; ; turn++);
}

search();

export default (Base) => class extends Base {};
