// Words selected in the article become the quotation of a new claim, with their offsets; a claim and its words show each other.
const text = document.getElementById("text"), add = document.getElementById("add");
const characters = (words) => [...words].length;

// Offsets count characters, as everywhere in the product, not the halves of them that a browser counts.
const chosen = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const quote = range.toString(), trimmed = quote.trim();
  const start = characters(before.toString()) + characters(quote.slice(0, quote.indexOf(trimmed)));
  return trimmed ? { quote: trimmed, start, end: start + characters(trimmed) } : null;
};
const take = (go) => {
  const found = chosen();
  if (!found || !add) return;
  add.elements["words:quote"].value = found.quote.replace(/\s+/g, " ");
  add.elements.start.value = found.start;
  add.elements.end.value = found.end;
  if (go) add.elements["words:says"].focus();
};
if (text) {
  text.addEventListener("pointerup", () => setTimeout(take));
  text.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") take(); });
  text.addEventListener("focus", () => {
    if (!text.contains(getSelection().anchorNode)) getSelection().collapse(text.firstChild, 0);
  });
  const ways = { ArrowLeft: ["left", "word"], ArrowRight: ["right", "word"], ArrowUp: ["backward", "line"], ArrowDown: ["forward", "line"] };
  text.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") { event.preventDefault(); take(true); }
    if (!ways[event.key]) return;
    event.preventDefault();
    const selection = getSelection(), before = [selection.anchorNode, selection.anchorOffset, selection.focusNode, selection.focusOffset];
    selection.modify(event.shiftKey ? "extend" : "move", ...ways[event.key]);
    if (!text.contains(selection.focusNode)) selection.setBaseAndExtent(...before);
  });
  const show = (names) => {
    for (const mark of text.querySelectorAll("mark")) mark.classList.toggle("here", mark.dataset.claims.split(" ").some((name) => names.includes(name)));
  };
  for (const row of document.querySelectorAll(".claims li[id]")) {
    for (const kind of ["pointerenter", "focusin"]) row.addEventListener(kind, () => show([row.id.slice(2)]));
  }
  text.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (!mark || !getSelection().isCollapsed) return;
    show(mark.dataset.claims.split(" "));
    document.getElementById(`c-${mark.dataset.claims.split(" ")[0]}`)?.scrollIntoView({ block: "center" });
  });
}
