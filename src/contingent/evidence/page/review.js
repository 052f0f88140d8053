"use strict";
(() => {
  const items = [...document.querySelectorAll("li[data-id]")];
  const editor = document.getElementById("editor");
  const form = editor.querySelector("form");
  const decisions = new Map();
  let here = 0;
  const show = (index) => {
    if (!items.length) return;
    here = Math.max(0, Math.min(items.length - 1, index));
    const id = items[here].dataset.id;
    items[here].focus();
    for (const mark of document.querySelectorAll("mark")) {
      const on = mark.dataset.claims.split(" ").includes(id);
      mark.classList.toggle("here", on);
      if (on) mark.scrollIntoView({ block: "nearest" });
    }
  };
  const decide = (verdict, changes, reason) => {
    const item = items[here];
    const note = item.querySelector(".verdict");
    if (verdict) {
      decisions.set(item.dataset.id, {
        claim: item.dataset.id, verdict, changes, reason,
        by: document.getElementById("by").value.trim() || "reviewer",
        at: new Date().toISOString().slice(0, 10),
      });
    } else decisions.delete(item.dataset.id);
    item.dataset.verdict = verdict;
    note.hidden = !verdict;
    note.textContent = verdict ? verdict + ": " + reason : "";
    document.getElementById("count").textContent = decisions.size + " decided";
  };
  const edit = () => { form.reset(); editor.returnValue = ""; editor.showModal(); }; // Esc keeps the last value otherwise
  editor.addEventListener("close", () => {
    if (editor.returnValue === "ok") {
      const changes = {};
      for (const [key, value] of new FormData(form)) {
        if (!value || key === "reason") continue;
        changes[key] = key === "number" || key === "polarity" ? Number(value) : value;
      }
      decide("edit", changes, form.elements.reason.value);
    }
    show(here);
  });
  const save = () => {
    const body = JSON.stringify({ format: "contingent-decisions/1", decisions: [...decisions.values()] }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([body], { type: "application/json" }));
    link.download = "decisions.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000); // not before the browser has read it
  };
  document.getElementById("save").addEventListener("click", save);
  items.forEach((item, index) => item.addEventListener("click", () => show(index)));
  document.querySelectorAll("mark").forEach((mark) => mark.addEventListener("click", () => {
    const id = mark.dataset.claims.split(" ")[0];
    show(items.findIndex((item) => item.dataset.id === id));
  }));
  const keys = {
    j: () => show(here + 1), k: () => show(here - 1),
    a: () => { decide("accept", {}, "accepted as proposed"); show(here + 1); },
    r: () => { decide("reject", {}, "not what the text says"); show(here + 1); },
    e: edit, u: () => decide("", {}, ""), s: save,
  };
  document.addEventListener("keydown", (event) => {
    if (editor.open || event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const header = document.querySelector("header");
  const clear = () => { // what is scrolled to stands below the header, however high that is
    const covers = getComputedStyle(header).position === "sticky" ? header.offsetHeight : 0;
    document.documentElement.style.scrollPaddingTop = `${covers + 8}px`;
  };
  addEventListener("resize", clear);
  clear();
  show(0);
})();
