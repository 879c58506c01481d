/* A plain link within the suite is a click like any other: no new page load, and Back undoes it. Streamlit reads the
   address anew when the browser's history moves; so the address goes into the history and the move is told. */
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href]:not([target=_blank], [download])");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.origin !== location.origin) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  dispatchEvent(new PopStateEvent("popstate"));
});
