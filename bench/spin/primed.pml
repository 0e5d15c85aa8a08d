/*
 * The scenario readahead-vs-releasepage from `primed`, one page, strategy `upstream`, as explore searches it: one
 * statement per shared access, locks block. FINDERS and RECLAIMS are given with -D; -DNO_FIX is the kernel before the fix,
 * which must fail.
 *
 * In SPIN's favor: bits are variables of their own, a branch on a shared word is one transition that leaves no local
 * behind, notes and outcomes are left out, and the poison of freed objects is checked at the release only.
 */
#ifndef FINDERS
#define FINDERS 3
#endif
#ifndef RECLAIMS
#define RECLAIMS 1
#endif

byte refs = 1; bit tree_ref = 1; bit in_tree = 1;
bit uptodate, dirty, stale, writeback, read_err, unmapped, read_mirror;
byte io_pages;
bit slot = 1; bit freed;
bit refs_lock, private_lock, buffer_lock;
bit pg_locked, pg_uptodate, pg_dirty, pg_writeback, pg_error;
bit pg_private = 1; bit pg_referenced = 1; bit page_private = 1;
byte page_refs = 3;

#define LOCK(l) atomic { l == 0 -> l = 1 }
#define UNLOCK(l) l = 0

inline put_page() { page_refs-- }

inline release_pages() {
  atomic { assert(!freed); if :: io_pages != 0 -> assert(false) :: else fi };
  atomic { assert(!freed); assert(!writeback) };
  atomic { assert(!freed); assert(!dirty) };
  skip; /* eb->pages */
  LOCK(private_lock);
  if
  :: pg_private ->
     if
     :: page_private ->
        assert(!dirty);
        assert(!pg_dirty);
        assert(!pg_writeback);
        pg_private = 0;
        page_private = 0;
        put_page()
     :: else
     fi
  :: else
  fi;
  UNLOCK(private_lock);
  put_page();
  atomic { assert(!freed); freed = 1 }
}

inline release_extent_buffer(was) {
  assert(refs != 0);
  atomic { refs--; was = (refs == 0) };
  if
  :: was ->
     atomic { was = in_tree; in_tree = 0 };
     UNLOCK(refs_lock);
     if
     :: was ->
        LOCK(buffer_lock);
        slot = 0;
        UNLOCK(buffer_lock)
     :: else
     fi;
     release_pages()
  :: else -> UNLOCK(refs_lock)
  fi;
  was = 0
}

proctype finder() {
  bit was;
  byte seen;
  /* find_extent_buffer */
  skip; /* rcu_read_lock */
  if
  :: slot
  :: else -> skip; goto end /* rcu_read_unlock */
  fi;
  if
  :: atomic { refs != 0 -> refs++ }
  :: refs == 0 -> skip; goto end
  fi;
  skip; /* rcu_read_unlock */
  assert(!stale);
  if
  :: refs >= 2 ->
     if
     :: tree_ref -> goto accessed
     :: else
     fi
  :: else
  fi;
  LOCK(refs_lock);
  if
  :: atomic { !tree_ref -> tree_ref = 1 }; refs++
  :: tree_ref
  fi;
  UNLOCK(refs_lock);
accessed:
  pg_referenced == 1;

  /* read_extent_buffer_pages, WAIT_NONE */
  !uptodate;
  if
  :: atomic { !pg_locked -> pg_locked = 1 }
  :: pg_locked -> goto free
  fi;
  !pg_uptodate;
  read_err = 0;
  read_mirror = 0;
  io_pages = 1;
#ifndef NO_FIX
  if
  :: refs >= 2 ->
     if
     :: tree_ref -> goto checked
     :: else
     fi
  :: else
  fi;
  LOCK(refs_lock);
  if
  :: atomic { !tree_ref -> tree_ref = 1 }; refs++
  :: tree_ref
  fi;
  UNLOCK(refs_lock);
checked:
#endif
  !pg_uptodate;
  pg_error = 0;

free:
  /* free_extent_buffer */
  do
  :: atomic { seen = refs; if :: seen <= 3 -> seen = 0 :: else fi };
     !unmapped;
     if
     :: seen == 0 -> break
     :: else
     fi;
     if
     :: atomic { refs == seen -> refs--; seen = 0 }; goto end
     :: atomic { refs != seen -> seen = 0 }
     fi
  od;
  LOCK(refs_lock);
  if
  :: refs == 2 -> !stale
  :: else
  fi;
  release_extent_buffer(was);
end: skip
}

proctype reclaim() {
  bit was;
  if
  :: atomic { !pg_locked -> pg_locked = 1 }
  :: pg_locked -> goto end
  fi;
  !pg_writeback;
  !pg_dirty;
  LOCK(private_lock);
  if
  :: pg_private
  :: !pg_private -> UNLOCK(private_lock); goto unlock
  fi;
  assert(page_private);
  LOCK(refs_lock);
  if
  :: refs == 1
  :: refs != 1 -> goto refuse
  fi;
  if
  :: io_pages == 0
  :: io_pages != 0 -> goto refuse
  fi;
  !writeback;
  !dirty;
  UNLOCK(private_lock);
  if
  :: atomic { tree_ref -> tree_ref = 0 }
  :: !tree_ref -> UNLOCK(refs_lock); goto unlock
  fi;
  release_extent_buffer(was);
  goto unlock;
refuse:
  UNLOCK(refs_lock);
  UNLOCK(private_lock);
unlock:
  pg_locked = 0;
end: skip
}

init {
  byte i;
  atomic {
    do
    :: i < FINDERS -> run finder(); i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < RECLAIMS -> run reclaim(); i++
    :: else -> break
    od;
    i = 0
  };
  _nr_pr == 1;
  assert(!refs_lock && !private_lock && !buffer_lock);
  assert(freed || (refs == 1 && tree_ref && in_tree && slot && pg_private && page_refs == 3));
  assert(!freed || (!slot && !pg_private && page_refs == 1 && !pg_locked));
  assert(freed || io_pages == pg_locked)
}
