// Light or dark, Python beside C, the menu, keys, and words in Chinese queries.
(function () {
  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  const store = (name, value) => { try { localStorage[name] = value; } catch (e) { } };
  const stored = (name) => { try { return localStorage[name]; } catch (e) { return ''; } };

  find('#theme').onclick = () => {
    const dark = getComputedStyle(root).colorScheme === 'dark';
    store('theme', root.dataset.theme = dark ? 'light' : 'dark');
  };

  find('#language').onclick = (event) => {
    store('language', event.currentTarget.lang.slice(0, 2));
    event.currentTarget.hash = location.hash;
  };

  const menu = find('#menu');
  menu.onclick = () => menu.setAttribute('aria-expanded', root.classList.toggle('menu'));

  const beside = find('#beside');
  if (beside && find('.original')) {
    const show = (on) => {
      root.classList.toggle('side', on);
      beside.setAttribute('aria-pressed', on);
    };
    beside.hidden = false;
    show(stored('beside') === 'yes');
    beside.onclick = () => {
      show(!root.classList.contains('side'));
      store('beside', root.classList.contains('side') ? 'yes' : 'no');
    };
  }

  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey ||
        event.target.closest('input, pre, figure, table')) {
      return;
    }
    const turn = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
    const link = turn && find(`link[rel=${turn}]`);
    if (link) {
      location.href = link.href;
    } else if (event.key === '/') {
      find('header input').focus();
      event.preventDefault();
    }
  });

  // What scrolls can be reached by keyboard.
  const reach = () => document.querySelectorAll('pre, table').forEach((box) => {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) {
      box.tabIndex = 0;
    }
  });
  reach();
  addEventListener('resize', reach);

  addEventListener('beforeprint', () => document.querySelectorAll('.original details')
    .forEach((one) => { one.open = true; }));

  const current = find('#lessons .current');
  if (current && current.offsetTop > innerHeight) {
    find('#lessons').scrollTop = current.offsetTop - 80;
  }
})();

// Chinese has no spaces: a query is cut into the longest words that the index has.
var splitQuery = (query) => {
  const words = query.split(/[^\p{Letter}\p{Number}_]+/gu).filter((word) => word);
  return words.flatMap((word) => {
    const cut = [];
    for (let at = 0; /[\u4e00-\u9fff]/.test(word) && at < word.length;) {
      let end = word.length;
      while (end > at + 1 && !(word.slice(at, end).toLowerCase() in Search._index.terms)) {
        end--;
      }
      if (end > at + 1) { cut.push(word.slice(at, end)); }
      at = end;
    }
    return cut.length ? cut : [word];
  });
};
