"use strict";
// The page is complete without this: numbers are links to what they rest on. With it that is shown beside them, the
// numbers of a sentence are one stop for Tab, and what a number led to leads back.
(() => {
  const byId = (id) => document.getElementById(id), card = byId("origin"), main = byId("main");
  const followed = "main a[href^='#']", told = "main a:has(data), main a.c, main data[data-t], main tr[data-t] td";
  const around = "p, li, dt, dd, tr, caption", lines = 4, quoted = 2;
  const rightToLeft = document.documentElement.dir === "rtl";
  let shown = null, timer = 0, came = null, marked = 0;

  const hide = () => {
    card.hidden = true;
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
  };
  const paragraph = (name, ...content) => {
    const made = document.createElement("p");
    made.className = name;
    made.append(...content);
    return made;
  };
  const copies = (elements) => elements.map((element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".back").forEach((back) => back.remove());
    copy.querySelectorAll("[id]").forEach((inner) => inner.removeAttribute("id"));
    return paragraph(element.localName === "dt" ? "head" : "", ...copy.childNodes);
  });
  const show = (element) => {
    const entry = byId(element.hash ? element.hash.slice(1) : element.closest("[data-t]").dataset.t);
    if (!entry) return;
    clearTimeout(timer);
    hide();
    const [head, ...rest] = entry.children;
    const parts = copies([head, ...rest.slice(0, lines)]);
    if (element.dataset.w) parts.splice(1, 0, paragraph("", element.dataset.w));
    const sees = parts.flatMap((part) => [...part.querySelectorAll("a.s")].map((see) => byId(see.hash.slice(1))));
    parts.push(...copies([...new Set(sees)].map((entry) => entry && entry.querySelector("dd")).filter(Boolean)));
    const cited = new Set(parts.flatMap((part) => [...part.querySelectorAll("a.c")].map((cite) => cite.hash.slice(1))));
    for (const claim of [...cited].slice(0, quoted)) {
      const found = byId(claim);
      if (found) parts.push(...copies([found.querySelector("dt"), found.querySelector("q")?.parentNode].filter(Boolean)));
    }
    card.replaceChildren(...parts, paragraph("hint", card.dataset.keys));
    card.hidden = false;
    const box = element.getBoundingClientRect(), width = Math.min(368, innerWidth - 16);
    const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
    const below = box.bottom + card.offsetHeight + 12 < innerHeight || box.top < card.offsetHeight + 12;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? box.bottom + 6 : box.top - card.offsetHeight - 6) + scrollY}px`;
    element.setAttribute("aria-describedby", "origin");
    shown = element;
  };

  const groups = new Map();
  for (const link of document.querySelectorAll(followed)) {
    const group = link.closest(around);
    if (!group) continue;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(link);
  }
  for (const links of groups.values()) links.forEach((link, place) => { link.tabIndex = place ? -1 : 0; });
  const step = (link, by) => {
    const links = groups.get(link.closest(around)) || [], next = links[links.indexOf(link) + by];
    if (!next) return;
    link.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };

  const cell = ({ textContent: words }) => { // a number as spreadsheets read it, words that are no formula
    const bare = words.replace(/[\u00a0\u202f\u2066\u2069]/g, "").replaceAll("\u2212", "-");
    const safe = !/^\s*[-=+@]/.test(bare) || /^[-+]?[\d.,]+(e[-+]?\d+)?%?$/.test(bare) ? bare : `'${bare}`;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = (link) => {
    const there = byId(link.hash.slice(1)), table = there.tHead ? there : there.querySelector("table");
    const rows = [...table.rows].map((row) => [...row.cells].map(cell).join(",") + "\n"), made = document.createElement("a");
    made.download = `${there.id.replace("t-", "")}.csv`;
    made.href = "data:text/csv;charset=utf-8," + encodeURIComponent(rows.join(""));
    return made;
  };

  const target = (event) => event.target.closest && event.target.closest(told);
  document.addEventListener("pointerover", (event) => {
    const element = target(event);
    if (event.pointerType === "touch") return;
    if (element && element !== shown) show(element);
    else if (element || card.contains(event.target)) clearTimeout(timer);
    else if (shown) { clearTimeout(timer); timer = setTimeout(hide, 250); }
  });
  document.addEventListener("focusin", (event) => {
    const element = target(event);
    if (element && element.matches(":focus-visible")) show(element);
    else if (!card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    const by = { ArrowRight: rightToLeft ? -1 : 1, ArrowLeft: rightToLeft ? 1 : -1 }[event.key];
    if (event.key === "Escape") hide();
    else if (by && event.target.matches && event.target.matches(followed) && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      step(event.target, by);
    }
  });
  document.addEventListener("click", (event) => {
    const element = target(event);
    if (event.pointerType === "touch" && element && element !== shown) { // the first touch shows, the second follows
      event.preventDefault();
      show(element);
      return;
    }
    const data = event.target.closest && event.target.closest("a.csv");
    if (data) {
      event.preventDefault();
      csv(data).click();
      return;
    }
    const link = event.target.closest && event.target.closest(`${followed}, #origin a[href^='#']`);
    if (!link) { if (!card.contains(event.target) && !element) hide(); return; }
    const entry = byId(link.hash.slice(1));
    if (link.classList.contains("back")) {
      event.preventDefault();
      link.remove();
      came.focus();
      came.scrollIntoView({ block: "center" });
      return;
    }
    if (!entry) return;
    came = card.contains(link) && shown ? shown : link;
    if (!came.id) came.id = `from-${++marked}`;
    document.querySelectorAll(".back").forEach((old) => old.remove());
    const back = document.createElement("a");
    back.className = "back";
    back.href = `#${came.id}`;
    back.textContent = card.dataset.back;
    (entry.querySelector("dt, h2, caption") || entry).append(" ", back);
    hide();
  });
})();
