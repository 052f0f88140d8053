"use strict";
// The page is complete without this: numbers are links to their source. With it, the source is shown beside them.
(() => {
  const card = document.getElementById("card");
  let shown = null, timer = 0;
  const hide = () => { card.hidden = true; shown = null; };
  const show = (element) => {
    const entry = document.getElementById(element.dataset.t || element.hash.slice(1));
    if (!entry) return;
    clearTimeout(timer);
    card.replaceChildren(...[...entry.children].map((child) => child.cloneNode(true)));
    if (element.dataset.w) {
      const where = document.createElement("dd");
      where.textContent = element.dataset.w;
      card.insertBefore(where, card.children[1] || null);
    }
    card.hidden = false;
    const box = element.getBoundingClientRect(), width = Math.min(368, innerWidth - 16);
    const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
    const below = box.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? box.bottom + 6 : box.top - card.offsetHeight - 6) + scrollY}px`;
    shown = element;
  };
  const target = (event) => event.target.closest && event.target.closest("main a:has(data), main a.c, main data[data-t]");
  document.addEventListener("pointerover", (event) => {
    const element = target(event);
    if (element) show(element);
    else if (card.contains(event.target)) clearTimeout(timer);
    else if (shown) { clearTimeout(timer); timer = setTimeout(hide, 250); }
  });
  document.addEventListener("focusin", (event) => {
    const element = target(event);
    if (element) show(element);
    else if (!card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
