// The pages work without this. With it a change is told at once, other people's changes and the progress of runs arrive
// by themselves, and keys do what buttons do.
const draft = document.body.dataset.draft, token = document.querySelector("meta[name=contingent-token]").content;
const byId = (id) => document.getElementById(id), said = byId("said"), panel = byId("panel");
const kept = { get: (name) => localStorage.getItem(`contingent.${name}`), set: (name, value) => localStorage.setItem(`contingent.${name}`, value) };
let seen = Number(document.body.dataset.seq || 0), asked = 0, busy = 0;

const send = async (to, body) => {
  busy += 1; // what is heard meanwhile may be of this very change
  try {
    const answer = await fetch(to, { method: "POST", body: JSON.stringify(body),
      headers: { "content-type": "application/json", accept: "application/json", "x-contingent-token": token } });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.error.message), { status: answer.status, since: told.error.since });
    return told;
  } finally { busy -= 1; }
};
const tell = (words) => { said.textContent = words; };
// What a preview puts off is worked out once nobody has changed anything for a moment.
let idle = 0;
const put = (html) => {
  panel.innerHTML = html;
  panel.classList.remove("stale");
  panel.dataset.seq = seen;
  clearTimeout(idle);
  if (panel.querySelector("[data-put-off]")) idle = setTimeout(settle, 1200);
};
const settle = async () => {
  const mine = asked, answer = await fetch(`${panel.dataset.from}?wait=1`);
  if (answer.ok && mine === asked) put(await answer.text());
};

const refresh = async () => {
  const mine = ++asked;
  panel.classList.add("stale");
  const answer = await fetch(panel.dataset.from);
  if (answer.ok && mine === asked) put(await answer.text());
};

// One number: the change is kept by the server, then everything that is in sight follows.
const ghost = (form, words) => {
  let chip = form.querySelector(".chip.ghost");
  if (!chip) { chip = document.createElement("span"); chip.className = "chip ghost"; form.querySelector(".what").append(" ", chip); }
  if (!chip.textContent) chip.textContent = `was ${words}`;
};
const change = async (form) => {
  const field = (name) => form.elements[name].value.trim(), mine = ++asked, before = form.dataset.before;
  panel.classList.add("stale");
  try {
    const told = await send(`/d/${draft}/changes`, { path: form.dataset.path, value: field("value"), low: field("low"),
      high: field("high"), why: field("why"), seen, preview: true });
    seen = told.seq;
    form.closest("li").classList.add("changed");
    ghost(form, before);
    form.classList.toggle("asked", told.asks_why.length > 0);
    tell(told.asks_why.length ? "That is a large change. Say why: the reason stands in the brief." : "");
    form.dataset.seq = told.seq;
    form.elements.why.value = "";
    if (mine === asked) put(told.panel);
    document.dispatchEvent(new CustomEvent("changed", { detail: told }));
  } catch (error) {
    panel.classList.remove("stale");
    tell(error.message);
    if (error.since) seen = Math.max(seen, ...error.since.map((each) => each.seq));
  }
};
for (const form of document.querySelectorAll("form.number")) {
  const best = form.elements.value, slide = form.querySelector(".slide");
  form.dataset.before = best.value;
  if (Number(slide.max) > Number(slide.min)) {
    slide.hidden = false;
    slide.addEventListener("input", () => { best.value = Number(Number(slide.value).toPrecision(3)); });
    slide.addEventListener("change", () => form.requestSubmit());
    best.addEventListener("input", () => { slide.value = best.value; });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = form.elements.why.value.trim();
    if (form.classList.contains("asked") && reason && form.dataset.sent === best.value) {
      await send(`/d/${draft}/why`, { target: Number(form.dataset.seq), why: reason, seen }).then((told) => { seen = told.seq; form.classList.remove("asked"); tell(""); }, (error) => tell(error.message));
      return;
    }
    form.dataset.sent = best.value;
    await change(form);
  });
}

// What comes by itself.
const jobs = (told) => {
  for (const row of document.querySelectorAll("[data-job]")) {
    const job = told[row.dataset.job];
    if (!job) continue;
    const was = row.querySelector(".state").textContent;
    row.querySelector(".state").textContent = job.why ? `${job.state}: ${job.why}` : job.state;
    row.querySelector("progress").value = job.done || 0;
    row.querySelector(".done").textContent = job.done || 0;
    row.querySelector(".partial").textContent = Object.entries(job.partial || {}).map(([option, [mean]]) => `${option} ${Math.round(100 * mean)}%`).join(", ");
    const ended = ["finished", "failed", "cancelled", "stopped"].includes(job.state);
    if (ended && was !== row.querySelector(".state").textContent) location.reload();
  }
};
if (draft) {
  const events = new EventSource(`/d/${draft}/events`);
  events.onmessage = (event) => {
    const told = JSON.parse(event.data);
    jobs(told.jobs);
    if (told.seq > seen && !busy) { seen = told.seq; tell("Somebody changed this draft. Load the page again to see it."); refresh(); }
  };
  addEventListener("pagehide", () => events.close());
  refresh();
}
// What is still being reckoned: the part of the page that waits for it is put in once it is there, and only that part.
const more = async () => {
  const waits = document.querySelector("[data-more]"), part = waits?.closest("[id]");
  if (!part) return;
  const answer = await fetch(waits.dataset.more, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html"), made = page.getElementById(part.id);
  if (!answer.ok || !made) { delete waits.dataset.more; waits.textContent = page.querySelector(".said")?.textContent || "That was not done. Load the page again."; return; }
  part.replaceWith(made);
  more();
};
more();
const waits = document.querySelector("[data-wait]");
if (waits) fetch(waits.dataset.wait).then(() => location.reload());

// Keys, which can be switched off; dead where somebody types.
const on = byId("keys-on");
on.checked = kept.get("keys") !== "off";
on.addEventListener("change", () => kept.set("keys", on.checked ? "on" : "off"));
const screens = { a: "assumptions", b: "bottom-line", c: "compare", t: "terms", e: "evidence", f: "force", r: "runs" };
let going = false;
const row = (by) => {
  const forms = [...document.querySelectorAll("form.number")], here = forms.indexOf(document.activeElement.closest("form.number"));
  const next = forms[Math.max(0, Math.min(forms.length - 1, here + by))];
  if (next) next.elements.value.select();
};
addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=range]):not([type=checkbox]), textarea, select");
  if (event.key === "Escape") { tell(""); if (typing) event.target.blur(); return; }
  if (!on.checked || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (going && screens[event.key] && draft) location.href = `/d/${draft}/${screens[event.key]}`;
  going = event.key === "g";
  const acted = document.querySelector(`form[data-key="${CSS.escape(event.key)}"]`);
  const does = { j: () => row(1), k: () => row(-1), "/": () => byId("find")?.focus(),
    "?": () => { byId("keys").open = true; byId("keys").scrollIntoView(); } }[event.key] || (acted && (() => acted.requestSubmit()));
  if (!does) return;
  event.preventDefault(); // or the key would be typed where it leads
  does();
});
