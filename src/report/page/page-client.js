// @ts-check
/**
 * The one script of the page: walks through schedules, sorts tables, copies commands. All that it shows stands in the page already,
 * or in the attribute that report/page/witness/states.ts has written; nothing of a result ever becomes markup or code.
 */
'use strict';

{
  /** @typedef {{ values: string[], locks: [string, string][], changes: [string, string, string][] }} State */
  /** @typedef {{ rows: string[], initial: (string | null)[], steps: State[] }} States */

  /** @param {string} name @param {string} [text] @param {string} [classes] */
  const made = (name, text = '', classes = '') => {
    const element = document.createElement(name);
    element.textContent = text;
    if (classes !== '') element.className = classes;
    return element;
  };

  /** @param {Element} root @param {string} selector @returns {HTMLElement[]} */
  const all = (root, selector) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);

  /** One schedule under one strategy. */
  class Run {
    /** @param {HTMLElement} element */
    constructor(element) {
      this.element = element;
      this.states = /** @type {States} */ (JSON.parse(element.dataset['run'] ?? ''));
      this.steps = all(element, '.step');
      /** Such as `under upstream`. */
      this.name = element.dataset['under'] ?? '';
      this.list = /** @type {HTMLElement} */ (element.querySelector('.steps'));
      this.state = /** @type {HTMLElement} */ (element.querySelector('.state'));
      this.state.hidden = false;
    }

    /** @param {number} index */
    changes(index) {
      return (this.states.steps[index]?.changes.length ?? 0) > 0;
    }

    /** Goes to a step, or to the last one if it has fewer. @param {number} index @param {boolean} isMoved */
    show(index, isMoved) {
      const at = Math.max(0, Math.min(this.steps.length - 1, index));
      for (const step of all(this.element, '[aria-current]')) step.removeAttribute('aria-current');
      const step = this.steps[at];
      if (step === undefined) return;
      step.setAttribute('aria-current', 'step');
      this.element.classList.toggle('ended', index >= this.steps.length);
      for (
        let inside = step.parentElement;
        inside !== null && inside !== this.list;
        inside = inside.parentElement
      ) {
        if (inside instanceof HTMLDetailsElement) inside.open = true;
      }
      if (isMoved) {
        const [box, own] = [this.list.getBoundingClientRect(), step.getBoundingClientRect()];
        const middle = own.top - box.top - (box.height - own.height) / 2;
        this.list.scrollTop += middle;
      }
      this.state.replaceChildren(this.table(at));
    }

    /** @param {number} at */
    table(at) {
      const now = this.states.steps[at] ?? { values: [], locks: [], changes: [] };
      const before = this.states.steps[at - 1] ?? {
        values: this.states.initial,
        locks: at === 0 ? null : [],
        changes: [],
      };
      const table = made('table');
      table.append(made('caption', `After step ${at + 1}`));
      const body = made('tbody');
      this.states.rows.forEach((name, row) => {
        const value = now.values[row] ?? '';
        const was = before.values[row] ?? null;
        body.append(this.row(name, [[value, was !== null && was !== value ? was : null]]));
      });
      const was = new Map(before.locks ?? now.locks);
      const holds = new Map(now.locks);
      const locks = [...new Set([...was.keys(), ...holds.keys()])].map((name) => {
        const [owner, previous] = [holds.get(name), was.get(name)];
        const text = owner === undefined ? `${name} is free` : `${name} held by ${owner}`;
        const changed = owner === previous ? null : previous === undefined ? 'free' : `held by ${previous}`;
        return /** @type {[string, string | null]} */ ([text, changed]);
      });
      body.append(this.row('locks', locks.length === 0 ? [['none held', null]] : locks));
      const words = now.changes.map(
        ([word, old, value]) => /** @type {[string, string | null]} */ ([`${word} ${value}`, old]),
      );
      body.append(this.row('this step changes', words.length === 0 ? [['nothing', null]] : words));
      table.append(body);
      return table;
    }

    /** @param {string} name @param {[string, string | null][]} values */
    row(name, values) {
      const row = made('tr');
      const head = made('th', name);
      head.setAttribute('scope', 'row');
      const cell = made('td');
      for (const [value, was] of values) {
        const line = made('span', '', was === null ? 'value' : 'value changed');
        line.append(made(was === null ? 'span' : 'b', value));
        if (was !== null) line.append(made('span', ` was ${was}`, 'was'));
        cell.append(line);
      }
      row.append(head, cell);
      return row;
    }
  }

  class Witness {
    /** @param {HTMLElement} element */
    constructor(element) {
      this.element = element;
      this.runs = all(element, '.run').map((run) => new Run(run));
      this.at = 0;
      this.toolbar = /** @type {HTMLElement} */ (element.querySelector('.toolbar'));
      this.slider = /** @type {HTMLInputElement} */ (element.querySelector('input'));
      this.where = /** @type {HTMLElement} */ (element.querySelector('.where'));
      this.count = Math.max(...this.runs.map(({ steps }) => steps.length));
      this.toolbar.hidden = false;
      this.slider.max = String(this.count);
      element.classList.add('live');
      element.addEventListener('keydown', (event) => this.key(event));
      element.addEventListener('click', (event) => this.click(event));
      this.slider.addEventListener('input', () => this.go(Number(this.slider.value) - 1));
      this.show(false);
    }

    /** @param {KeyboardEvent} event */
    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const isSlider = event.target === this.slider;
      /** @type {Readonly<Record<string, () => void>>} */
      const keys = {
        ArrowLeft: () => this.go(this.at - 1),
        ArrowRight: () => this.go(this.at + 1),
        Home: () => this.go(0),
        End: () => this.go(this.count - 1),
        n: () => this.go(this.nextChange()),
      };
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      if (act === undefined || (isSlider && event.key !== 'n')) return;
      event.preventDefault();
      act();
    }

    nextChange() {
      for (let at = this.at + 1; at < this.count; at++)
        if (this.runs.some((run) => run.changes(at))) return at;
      return this.count - 1;
    }

    /** @param {MouseEvent} event */
    click(event) {
      const target = /** @type {Element} */ (event.target);
      const button = target.closest('button');
      if (button?.classList.contains('previous')) return this.go(this.at - 1);
      if (button?.classList.contains('next')) return this.go(this.at + 1);
      if (button?.classList.contains('next-change')) return this.go(this.nextChange());
      if (button?.classList.contains('other')) {
        const isOther = this.element.classList.toggle('show-other');
        button.setAttribute('aria-pressed', String(isOther));
        return this.show(true);
      }
      const step = target.closest('.step');
      if (step === null || target.closest('summary') !== null) return;
      event.preventDefault();
      return this.goTo(step);
    }

    /** @param {Element} step */
    goTo(step) {
      for (const { steps } of this.runs) {
        const at = steps.findIndex((each) => each === step);
        if (at !== -1) this.go(at, step.id);
      }
    }

    /** @param {number} index @param {string} [id] */
    go(index, id) {
      this.at = Math.max(0, Math.min(this.count - 1, index));
      this.show(true);
      const longest = this.runs.find(({ steps }) => this.at < steps.length);
      const place = id ?? longest?.steps[this.at]?.id;
      if (place !== undefined) history.replaceState(null, '', `#${place}`);
    }

    /** @param {boolean} isMoved */
    show(isMoved) {
      for (const run of this.runs) run.show(this.at, isMoved);
      this.slider.value = String(this.at + 1);
      // Of the run that is looked at; of the longer one, where that has ended.
      const isOther = this.element.classList.contains('show-other');
      const [first, second] = isOther ? this.runs.toReversed() : this.runs;
      const run = this.at < (first?.steps.length ?? 0) ? first : second;
      const under = run === this.runs[0] ? '' : ` ${run?.name ?? ''}`;
      const place = `${this.at + 1} of ${run?.steps.length ?? 0}${under}`;
      const turn = run?.steps[this.at]?.closest('.turn')?.querySelector('.switch b')?.textContent ?? '';
      const code = run?.steps[this.at]?.querySelector('code')?.textContent ?? '';
      this.slider.setAttribute('aria-valuetext', `step ${place}`);
      this.where.textContent = `Step ${place}${turn === '' ? '' : `, ${turn}`}${code === '' ? '' : `: ${code}`}`;
    }
  }

  const witnesses = all(document.body, '.witness').map((element) => new Witness(element));

  /** Goes where the address says. */
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target === null) return;
    for (let inside = target.parentElement; inside !== null; inside = inside.parentElement) {
      if (inside instanceof HTMLDetailsElement) inside.open = true;
    }
    const owner = witnesses.find(({ element }) => element.contains(target));
    if (owner !== undefined && target.classList.contains('step')) {
      const isOther = target.closest('.run') !== owner.runs[0]?.element;
      owner.element.classList.toggle('show-other', isOther);
      owner.goTo(target);
      owner.element.scrollIntoView();
      owner.runs[isOther ? 1 : 0]?.list.focus({ preventScroll: true });
    } else {
      target.scrollIntoView();
    }
  };
  addEventListener('hashchange', follow);
  follow();

  /** A table that is too wide says so. */
  const measure = () => {
    for (const each of all(document.body, '.table')) {
      const box = each.querySelector('.scroll');
      each.classList.toggle('wider', box !== null && box.scrollWidth > box.clientWidth + 1);
    }
  };
  document.body.classList.add('scripted');
  measure();
  addEventListener('resize', measure);
  document.addEventListener('toggle', measure, true);

  for (const button of all(document.body, 'button.copy')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const code = button.parentElement?.querySelector('code');
      if (code === null || code === undefined) return;
      const said = () => {
        button.textContent = 'Copied';
        setTimeout(() => (button.textContent = 'Copy'), 2000);
      };
      const selected = () => {
        getSelection()?.selectAllChildren(code);
        if (document.execCommand('copy')) said();
      };
      if (navigator.clipboard === undefined) selected();
      else navigator.clipboard.writeText(code.textContent ?? '').then(said, selected);
    });
  }

  for (const table of all(document.body, 'table.sortable')) {
    const body = /** @type {HTMLTableSectionElement} */ (table.querySelector('tbody'));
    const heads = all(table, 'thead th');
    heads.forEach((head, column) => {
      const button = made('button', head.textContent ?? '', 'sort');
      button.setAttribute('type', 'button');
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const isUp = head.getAttribute('aria-sort') !== 'ascending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
        /** @param {Element} row */
        const valueOf = (row) => {
          const cell = /** @type {HTMLElement} */ (row.children[column]);
          return cell.dataset['value'] ?? cell.textContent ?? '';
        };
        const rows = [...body.rows].toSorted((one, other) => {
          const [left, right] = [valueOf(one), valueOf(other)];
          const order = Number(left) - Number(right);
          return (isUp ? 1 : -1) * (Number.isNaN(order) ? left.localeCompare(right, 'en') : order);
        });
        body.append(...rows);
      });
    });
  }

  addEventListener('beforeprint', () => {
    for (const details of all(document.body, 'details:not(.folded)')) details.setAttribute('open', '');
  });
}
