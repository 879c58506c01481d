/* A plain link within the suite is a click like any other: no new page load, and Back undoes it. Streamlit reads the
   address anew when the browser's history moves; so the address goes into the history and the move is told. */
document.addEventListener("click", (event) => {
  // Streamlit opens a link in Markdown in another tab; one that stays on its page begins with a question mark.
  const own = 'a[href]:not([target=_blank], [download]), a[href^="?"]';
  const link = event.target instanceof Element && event.target.closest(own);
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.origin !== location.origin) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  history.pushState(null, "", link.href);
  dispatchEvent(new PopStateEvent("popstate"));
});

/* The head of a table of areas sorts it by its column: the largest first, then the smallest; what is empty stays last. */
document.addEventListener("click", (event) => {
  const head = event.target instanceof Element && event.target.closest(".npd-areas thead th");
  if (!head) return;
  const up = head.getAttribute("aria-sort") === "descending";
  for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const body = head.closest("table").tBodies[0];
  const said = (row) => row.cells[head.cellIndex].dataset.value;
  const order = (a, b) => a - b || String(a).localeCompare(b); // NaN, which no number is, leaves it to the text
  const known = [...body.rows].filter((row) => said(row) !== "");
  const empty = [...body.rows].filter((row) => said(row) === "");
  known.sort((a, b) => (up ? 1 : -1) * order(said(a), said(b)));
  body.append(...known, ...empty);
});

/* What a button opens over the page lies at the page's end, where the Tab key comes last. Opened from the keyboard, it has
   the focus as soon as all of it is there. */
document.addEventListener("click", (event) => {
  const byKey = event.detail === 0 && event.isTrusted && event.target instanceof Element;
  if (!byKey || !event.target.closest('[data-testid="stPopover"]')) return;
  let looks = 0;
  const look = setInterval(() => {
    const done = document.querySelector('[data-test-script-state="notRunning"]'); // what is first may be drawn last
    const found = document.querySelector('[data-testid="stPopoverBody"] :is(a[href], button, input):not([disabled])');
    if (done) found?.focus();
    if ((done && found) || ++looks > 100) clearInterval(look);
  }, 100);
});

/* What a map measures on the screen, for the style sheet to enlarge it on paper. */
addEventListener("beforeprint", () => {
  for (const map of document.querySelectorAll("[data-testid=stDeckGlJsonChart]")) {
    map.style.setProperty("--npd-width", map.clientWidth);
    map.style.setProperty("--npd-height", map.clientHeight);
  }
});
