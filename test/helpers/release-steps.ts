/** The steps that release a buffer in the tree whose count has fallen to zero, the refs_lock held, with pages attached to it. */
export function releaseSteps(pages: number): readonly string[] {
  return [
    'rmw test_and_clear eb0.bflags:IN_TREE -> true',
    'U(eb0.refs_lock)',
    'L(buffer_lock)',
    'w fs.tree_slot = NULL',
    'U(buffer_lock)',
    'r eb0.io_pages -> 0',
    'r eb0.bflags:WRITEBACK -> false',
    'r eb0.bflags:DIRTY -> false',
    `r eb0.pages -> ${pages}`,
    ...Array.from({ length: pages }, (_, index) => detachSteps(`page${index}`)).flat(),
    'call_rcu eb0 -> true',
  ];
}

function detachSteps(page: string): readonly string[] {
  return [
    'L(private_lock)',
    `r ${page}.flags:PRIVATE -> true`,
    `r ${page}.private -> eb0`,
    'r eb0.bflags:DIRTY -> false',
    `r ${page}.flags:DIRTY -> false`,
    `r ${page}.flags:WRITEBACK -> false`,
    `rmw clear ${page}.flags:PRIVATE`,
    `w ${page}.private = NULL`,
    `rmw dec_and_test ${page}.refcount -> false`,
    'U(private_lock)',
    `rmw dec_and_test ${page}.refcount -> false`,
  ];
}
