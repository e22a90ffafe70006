// The portal's one script. Every page works without it; with it, pages are live: quotes follow what
// is typed, parts of a page are brought up to date in place, ids are copied, times are told as the
// reader's clock has them. A page asks for a behaviour by an attribute, and never by a name here:
//
//   form[data-live]         what is typed is asked at once, and the page's parts are exchanged; the
//                           value, `name=value`, is the button that would have asked
//   button[data-stay]       in such a form: what it asks is asked in the same way, and shown in place
//   [data-part=name]        a part of a page that such an answer, or a poll, exchanges; but not while
//                           somebody types in it, where only the parts in it are exchanged
//   [data-poll=seconds]     the page is asked again while this is there
//   [data-hear]             what screen readers hear once a part has been exchanged
//   [data-keep]             a field of such a part: what was typed there stays
//   [data-still]            a button that a live form does not need
//   input[data-for=id]      a slider that moves together with the field of that id
//   [data-copy]             its text can be copied
//   [data-chart]            bars that are read off and zoomed into, with the pointer and with keys
//   time[datetime]          its instant is told in the reader's time zone as well
//   button[data-print]      prints the page
//   input[data-ticks=name]  ticks all boxes of that name; [data-ticked=name] counts them
//
// A form that posts is sent once, however often its button is pressed; and one in a part not while
// what was typed is still being asked.

const words = document.body.dataset;
const PAUSE_MS = 250;

// Parts

/** The field of a part in which somebody types at the moment. */
function typedIn(part) {
  const field = document.activeElement;
  return part.contains(field) && field.matches("input:not([type=checkbox], [type=radio]), textarea");
}

/** Shows the parts of an answer in place of those that are here; an answer without any, as a whole. */
function exchangeParts(page) {
  const focused = document.activeElement?.id;
  const parts = document.querySelectorAll("[data-part]");
  const freshOf = (old) => page.querySelector(`[data-part="${CSS.escape(old.dataset.part)}"]`);
  if (![...parts].some(freshOf)) {
    const main = document.adoptNode(page.querySelector("main"));
    document.querySelector("main").replaceWith(main);
    document.title = page.title;
    enliven(main);
    main.focus();
    return;
  }
  for (const old of parts) {
    const fresh = freshOf(old);
    // What was in a part that was exchanged before is no longer here.
    if (!old.isConnected || (fresh && typedIn(old))) continue;
    if (!fresh) {
      old.replaceChildren();
    } else if (fresh.innerHTML !== old.innerHTML) {
      keepTyped(old, fresh);
      old.replaceWith(document.adoptNode(fresh));
      enliven(fresh);
    }
  }
  markFaults(page);
  if (focused && document.activeElement?.id !== focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

/** Carries what was typed over to the fields that say so. */
function keepTyped(old, fresh) {
  for (const field of old.querySelectorAll("[data-keep][id]")) {
    const same = fresh.querySelector(`#${CSS.escape(field.id)}`);
    if (same) same.value = field.value;
  }
}

/** Fields of live forms stay as they are; whether what they hold is faulty, the answer says. */
function markFaults(page) {
  for (const field of document.querySelectorAll("form[data-live] [id]:is(input, select)")) {
    const said = page.getElementById(field.id)?.getAttribute("aria-invalid");
    if (said) field.setAttribute("aria-invalid", said);
    else field.removeAttribute("aria-invalid");
  }
}

/**
 * Asks for a page and shows its parts. An answer that lies elsewhere, as the sign-in page does once
 * a session has ended, is gone to.
 */
async function bringUpToDate(address, request) {
  const turn = ++asked;
  setBusy(true);
  try {
    const answer = await fetch(address, { credentials: "same-origin", ...request });
    if (answer.redirected && new URL(answer.url).pathname !== new URL(address, location).pathname) {
      location.assign(answer.url);
      return;
    }
    exchangeParts(new DOMParser().parseFromString(await answer.text(), "text/html"));
    tell("");
    hear(document.querySelector("[data-part] [data-hear]")?.textContent);
  } catch (error) {
    if (error.name !== "AbortError") tell(words.partFailed);
  } finally {
    // What was asked last is still to come where this was overtaken.
    if (turn === asked) setBusy(false);
  }
}

let asked = 0;
// What was typed and is still to be asked: the timer, and whether the parts are behind it.
let waiting;
let stale = false;

function setBusy(busy) {
  for (const part of document.querySelectorAll("[data-part]")) {
    if (busy) part.setAttribute("aria-busy", "true");
    else part.removeAttribute("aria-busy");
  }
  if (!busy && !waiting) stale = false;
}

/** Lets screen readers hear what came of it, without moving anything. */
function hear(text) {
  let place = document.getElementById("heard");
  if (!place) {
    place = document.createElement("p");
    place.id = "heard";
    place.className = "unseen";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = text ?? "";
}

/** Says something to the reader where screen readers hear it too. */
function tell(text) {
  let place = document.getElementById("told");
  if (!place) {
    place = document.createElement("p");
    place.id = "told";
    place.className = "told";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = text;
}

// Live forms

let pending;

function ask(form, button) {
  clearTimeout(waiting);
  waiting = undefined;
  const fields = new FormData(form);
  const [name, value] = button ? [button.name, button.value] : form.dataset.live.split("=");
  if (name) fields.set(name, value);
  const sent = new URLSearchParams(fields);
  pending?.abort();
  pending = new AbortController();
  const signal = pending.signal;
  if (form.method === "post") {
    bringUpToDate(form.action, { method: "post", body: sent, signal });
    return;
  }
  const address = new URL(form.action);
  for (const [name, value] of sent) {
    if (value) address.searchParams.append(name, value);
  }
  // What is on the screen has an address: it can be reloaded, kept and sent to others.
  history.replaceState(null, "", address);
  bringUpToDate(address, { signal });
}

function makeLive(form) {
  for (const button of form.querySelectorAll("[data-still]")) button.hidden = true;
  const follow = (event) => {
    if (event.target.closest("[data-quiet]")) return;
    stale = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(form), PAUSE_MS);
  };
  form.addEventListener("input", follow);
  // A choice that a program makes for its user is told by this alone.
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) follow(event);
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.matches("[data-stay]")) return;
    event.preventDefault();
    ask(form, event.submitter);
  });
}

// Behaviours of single elements

function moveTogether(slider) {
  const field = document.getElementById(slider.dataset.for);
  if (!field) return;
  slider.closest("[hidden]")?.removeAttribute("hidden");
  slider.addEventListener("input", () => {
    field.value = slider.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    if (field.value !== slider.value) slider.value = field.value;
  });
}

function makeCopiable(element) {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy small";
  button.textContent = words.copyWord;
  const label = element.dataset.copy;
  if (label) button.setAttribute("aria-label", `${words.copyWord}: ${label}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.textContent.trim());
    button.textContent = words.copied;
    setTimeout(() => (button.textContent = words.copyWord), 2000);
  });
  element.after(" ", button);
}

const here = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "long",
  timeStyle: "short",
});

function tellLocalTime(time) {
  const instant = new Date(time.dateTime);
  if (!Number.isNaN(instant.valueOf())) {
    time.title = words.yourTime.replace("{time}", here.format(instant));
  }
}

function tickAll(all) {
  const name = CSS.escape(all.dataset.ticks);
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];
  const count = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
    for (const place of document.querySelectorAll(`[data-ticked="${name}"]`)) {
      place.textContent = ticked;
    }
  };
  all.addEventListener("change", () => {
    boxes().forEach((box) => (box.checked = all.checked));
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === all.dataset.ticks) count();
  });
  all.hidden = false;
  count();
}

function offerPrinting(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/**
 * Lets a chart be read off bar by bar, and be zoomed into around the bar that is read. Its value is
 * the width of a bar's place in the picture.
 */
function makeReadable(chart) {
  const picture = chart.querySelector("svg");
  const points = [...picture.querySelectorAll("[data-point]")];
  const tools = chart.querySelector("[data-chart-tools]");
  if (!points.length || !tools) return;
  const slot = Number(chart.dataset.chart);
  const height = picture.viewBox.baseVal.height;
  let [first, shown, at] = [0, points.length, points.length - 1];

  const show = () => {
    picture.setAttribute("viewBox", `${first * slot} 0 ${shown * slot} ${height}`);
    chart.querySelector("[data-chart-first]").textContent = points[first].dataset.label;
    chart.querySelector("[data-chart-last]").textContent = points[first + shown - 1].dataset.label;
    tools.querySelector('[data-zoom="in"]').disabled = shown <= 2;
    tools.querySelector('[data-zoom="out"]').disabled = shown === points.length;
  };
  const read = (wanted) => {
    points[at].classList.remove("read");
    at = Math.min(Math.max(wanted, 0), points.length - 1);
    points[at].classList.add("read");
    tools.querySelector("output").textContent = points[at].dataset.point;
    picture.setAttribute("aria-valuenow", at + 1);
    picture.setAttribute("aria-valuetext", points[at].dataset.point);
    const before = first;
    first = Math.min(Math.max(first, at - shown + 1), at);
    if (first !== before) show();
  };
  const zoom = (count) => {
    shown = Math.min(Math.max(count, 2), points.length);
    first = Math.min(Math.max(at - Math.floor(shown / 2), 0), points.length - shown);
    show();
  };
  const keys = {
    ArrowLeft: () => read(at - 1),
    ArrowRight: () => read(at + 1),
    Home: () => read(0),
    End: () => read(points.length - 1),
    "+": () => zoom(Math.ceil(shown / 2)),
    "-": () => zoom(shown * 2),
    Escape: () => zoom(points.length),
  };
  picture.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  picture.addEventListener("pointermove", (event) => {
    const point = event.target.closest("[data-point]");
    if (point) read(points.indexOf(point));
  });
  tools.querySelector('[data-zoom="in"]').addEventListener("click", keys["+"]);
  tools.querySelector('[data-zoom="out"]').addEventListener("click", keys["-"]);
  picture.setAttribute("role", "slider");
  picture.setAttribute("tabindex", "0");
  picture.setAttribute("aria-valuemin", "1");
  picture.setAttribute("aria-valuemax", points.length);
  picture.setAttribute("aria-valuenow", at + 1);
  picture.setAttribute("aria-valuetext", points[at].dataset.point);
  tools.hidden = false;
  show();
}

function poll(element) {
  setTimeout(() => {
    if (element.isConnected && !document.hidden) bringUpToDate(location.href);
    // The answer brings the part anew, with its own poll, or without one when all is done.
    if (element.isConnected) poll(element);
  }, 1000 * Number(element.dataset.poll));
}

// Forms are sent once

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  // What opens in another window leaves this page, and its form, as they were.
  if (form.method !== "post" || form.target === "_blank") return;
  // A form in a part belongs to what was typed before; it can be sent once the part is up to date.
  if (stale && form.closest("[data-part]")) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// A page that comes back from the browser's memory may be sent again; the server knows what was.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
});

const behaviours = {
  "form[data-live]": makeLive,
  "input[data-for]": moveTogether,
  "[data-copy]": makeCopiable,
  "[data-chart]": makeReadable,
  "time[datetime]": tellLocalTime,
  "input[data-ticks]": tickAll,
  "[data-poll]": poll,
  "button[data-print]": offerPrinting,
};

/** Gives an element, and all in it, the behaviours that it asks for. */
function enliven(root) {
  for (const [selector, behave] of Object.entries(behaviours)) {
    if (root.matches?.(selector)) behave(root);
    root.querySelectorAll(selector).forEach(behave);
  }
}

enliven(document);
