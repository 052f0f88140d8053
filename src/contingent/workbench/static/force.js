// A block copied in a sheet, pasted into a cell of a pledge: the server reads it, and shows what it would change.
addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain"), cell = event.target.closest("#pledges input[name^='cells:']"), form = document.getElementById("paste");
  if (!form || !cell || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  form.elements.text.value = text;
  form.elements.pledge.value = cell.form.dataset.pledge;
  form.elements.column.value = cell.name.slice("cells:".length);
  form.requestSubmit();
});
// Arrow keys go from cell to cell as in a sheet: up and down to the same number of another pledge, to the sides where
// the text of a cell ends, or is selected as a whole.
const CELL = "input[name^='cells:']", ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
addEventListener("keydown", (event) => {
  const cell = event.target.closest(`#pledges ${CELL}`), way = ways[event.key];
  if (!cell || !way || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const [down, side] = way, before = cell.selectionStart, after = cell.value.length - cell.selectionEnd;
  if (side && (side < 0 ? before : after) && before + after) return;
  const forms = [...document.querySelectorAll("#pledges form")], cells = [...cell.form.querySelectorAll(CELL)];
  const on = document.dir === "rtl" ? -side : side;
  const next = down ? forms[forms.indexOf(cell.form) + down]?.elements[cell.name] : cells[cells.indexOf(cell) + on];
  if (!next) return;
  event.preventDefault();
  next.closest("details").open = true;
  next.focus();
  next.select();
});
