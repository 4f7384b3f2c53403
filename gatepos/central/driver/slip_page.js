// The slip: counts what is tapped, and draws its code here. Nothing leaves the phone.
"use strict";
const MOST = 500, KEPT = "gatepos-slip";
const find = (what) => document.querySelector(what);
const all = (what) => document.querySelectorAll(what);
const slip = { people: {}, band: "", plate: "", operator: "", language: "" };

function plain(text) {
  return text.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toUpperCase()
    .replace(/[^A-Z0-9 \-./]+/g, " ").trim().replace(/ +/g, " ").slice(0, 60).trimEnd();
}

function written() {
  const people = Object.keys(slip.people).filter((group) => slip.people[group]).sort()
    .map((group) => group + slip.people[group]).join(".");
  const park = /^#[A-Za-z0-9]{2,4}$/.test(location.hash) ? location.hash.slice(1).toUpperCase() : "";
  const plate = slip.plate.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 10);
  const text = ["GB", 1, park, plate, slip.band, people, plain(slip.operator)].join(":");
  return people && text.replace(/:+$/, "");
}

function draw(text) {
  const code = qrcode(0, "M"), quiet = 4;
  code.addData(text, "Alphanumeric");
  code.make();
  const size = code.getModuleCount();
  let strokes = "";
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (code.isDark(y, x)) strokes += `M${x + quiet} ${y + quiet}.5h1`;
  find("#shown svg").setAttribute("viewBox", `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`);
  find("#shown path").setAttribute("d", strokes);
  find("#shown .text").textContent = text;
}

function show() {
  for (const row of all(".count")) {
    const n = slip.people[row.dataset.group] || 0;
    row.querySelector("output").textContent = n;
    row.classList.toggle("some", n > 0);
  }
  for (const key of all("[data-band]"))
    key.setAttribute("aria-pressed", String(key.dataset.band === slip.band));
  document.documentElement.lang = slip.language;
  try { sessionStorage.setItem(KEPT, JSON.stringify(slip)); } catch (error) { /* not kept */ }
}

function turn(isShown) {
  find("#form").hidden = isShown;
  find("#shown").hidden = !isShown;
  scrollTo(0, 0);
}

for (const key of all("[data-by]"))
  key.addEventListener("click", () => {
    const group = key.parentElement.dataset.group;
    const n = (slip.people[group] || 0) + Number(key.dataset.by);
    slip.people[group] = Math.min(Math.max(n, 0), MOST);
    find("#nobody").hidden = true;
    show();
  });
for (const key of all("[data-band]"))
  key.addEventListener("click", () => { slip.band = key.dataset.band; show(); });
for (const key of all("[data-language]"))
  key.addEventListener("click", () => { slip.language = key.dataset.language; show(); });
for (const name of ["plate", "operator"])
  find(`#${name}`).addEventListener("input", (event) => { slip[name] = event.target.value; show(); });
find("#form").addEventListener("submit", (event) => event.preventDefault());
find("#show").addEventListener("click", () => {
  const text = written();
  find("#nobody").hidden = Boolean(text);
  if (text) { draw(text); turn(true); }
});
find("#change").addEventListener("click", () => turn(false));
find("#empty").addEventListener("click", () => {
  Object.assign(slip, { people: {}, band: "", plate: "", operator: "" });
  fill();
});

function fill() {
  find("#plate").value = slip.plate;
  find("#operator").value = slip.operator;
  show();
}

slip.language = navigator.language.slice(0, 2) === "sw" ? "sw" : "en";
try { Object.assign(slip, JSON.parse(sessionStorage.getItem(KEPT) || "{}")); } catch (error) { /* begins empty */ }
fill();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/S/worker.js", { scope: "/S" }).catch(() => {});
