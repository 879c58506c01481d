// A box with a list below it, as the WAI-ARIA practices describe it: what is typed, by keyboard or pointer, finds a name.
const MOST = 50; // names listed at once: to reach another, more of it is typed

export default function ({ data, parentElement, setTriggerValue }) {
  const [box, found, list, told] = ['input', '.found', '[role=listbox]', '[role=status]']
    .map((one) => parentElement.querySelector(one));
  let listed = []; // the codes of the names shown
  let marked = -1; // which of them Enter chooses

  const mark = (place) => {
    list.children[marked]?.setAttribute('aria-selected', 'false');
    marked = place;
    const option = list.children[marked];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) box.setAttribute('aria-activedescendant', option.id);
    else box.removeAttribute('aria-activedescendant');
  };
  const close = () => {
    found.hidden = true;
    box.setAttribute('aria-expanded', 'false');
    mark(-1);
  };
  const open = () => {
    const words = box.value.toLowerCase().split(' ').filter(Boolean);
    const all = data.filter(([, name]) => words.every((word) => name.toLowerCase().includes(word)));
    const shown = all.slice(0, MOST);
    listed = shown.map(([code]) => code);
    list.replaceChildren(...shown.map(([, name], place) => {
      const option = document.createElement('li');
      option.id = `found-${place}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.textContent = name;
      return option;
    }));
    told.textContent = !all.length ? 'Nothing has this name.'
      : all.length > MOST ? `${MOST} of ${all.length} shown: type more of the name.` : `${all.length} found.`;
    list.hidden = !shown.length;
    found.hidden = false;
    box.setAttribute('aria-expanded', 'true');
    mark(shown.length ? 0 : -1);
  };
  const choose = (place) => {
    const code = listed[place];
    if (found.hidden || code === undefined) return;
    box.value = '';
    close();
    setTriggerValue('found', code);
  };
  const keys = {
    ArrowDown: () => (found.hidden ? open() : mark((marked + 1) % listed.length)),
    ArrowUp: () => (found.hidden ? open() : mark((marked - 1 + listed.length) % listed.length)),
    Enter: () => choose(marked),
    Escape: () => {
      box.value = '';
      close();
    },
  };

  box.oninput = open;
  box.onclick = open;
  box.onblur = keys.Escape;
  box.onkeydown = (event) => {
    if (!keys[event.key] || event.isComposing) return;
    event.preventDefault();
    keys[event.key]();
  };
  found.onmousedown = (event) => event.preventDefault(); // the box keeps the focus, and with it the list
  list.onclick = (event) => choose([...list.children].indexOf(event.target.closest('li')));
}
