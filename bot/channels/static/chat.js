// The chat without loading pages anew. Each form goes out in the background, and the page that comes back takes the
// place of the one that is there. All of it works without this script, too.
"use strict";

(() => {
  const RETRY_MS = 4000;
  const NEARLY_FULL = 0.9; // from here on a field says aloud how much room is left
  const root = document.documentElement;
  const find = (selector, where = document) => where.querySelector(selector);
  const page = () => find("#page");
  let unsent = null; // the form that has no answer yet
  let isUnderWay = false; // and whether it is being sent just now
  let waiting = null; // the stream that tells when the register has answered

  // --- What is being typed, until it is sent: kept for this tab only ---------------------------------------------

  const key = (field) => `typed ${find("input[name=shown]", field.form)?.value ?? ""}`;

  function keep(field) {
    try {
      sessionStorage.setItem(key(field), field.value);
    } catch {
      // Nothing can be kept here: then a reload empties the field, as it does without scripts.
    }
  }

  function restore(field) {
    const kept = sessionStorage.getItem(key(field));
    if (kept !== null) field.value = kept;
  }

  function sent(shown) {
    sessionStorage.removeItem(`typed ${shown}`);
  }

  // --- A new page in the place of the old one --------------------------------------------------------------------

  function place(html, isAsked) {
    const next = new DOMParser().parseFromString(html, "text/html");
    const fresh = find("#page", next);
    if (!fresh) throw new Error("not a page of ours");
    const focused = document.activeElement;
    const field = find("#text");
    const typed = field && focused === field && !isAsked ? { shown: key(field), value: field.value } : null;
    quieten(fresh);
    page().replaceWith(document.importNode(fresh, true));
    document.title = next.title;
    root.lang = next.documentElement.lang;
    prepare();
    if (isAsked) {
      goToTheQuestion();
    } else {
      stayWhereOneWas(focused, typed);
    }
    announce(isAsked);
    root.dataset.turn = Number(root.dataset.turn ?? 0) + 1;
  }

  // What a live region would say is said by the log, once, or read with the field that has the focus.
  function quieten(fresh) {
    for (const live of fresh.querySelectorAll("[role=alert], [role=status]")) live.removeAttribute("role");
    const field = find("#text", fresh);
    if (field) {
      const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== "told");
      if (described.length) field.setAttribute("aria-describedby", described.join(" "));
      else field.removeAttribute("aria-describedby");
      field.removeAttribute("autofocus");
    }
  }

  function goToTheQuestion() {
    const field = find("#text");
    const heading = find("h1");
    const target = field && (!field.hasAttribute("data-last") || field.hasAttribute("aria-invalid")) ? field : heading;
    if (target === heading) heading.tabIndex = -1;
    target.focus({ preventScroll: true });
    (find(".problem") ?? find("#told") ?? heading).scrollIntoView({ block: "nearest" });
    if (heading.getBoundingClientRect().top < 0) window.scrollTo(0, 0);
  }

  function stayWhereOneWas(focused, typed) {
    const field = find("#text");
    if (typed && field && key(field) === typed.shown) {
      field.value = typed.value;
      field.focus({ preventScroll: true });
    } else if (focused && focused.id !== "text") {
      sameAs(focused)?.focus({ preventScroll: true });
    }
  }

  // The page is another one: what had the focus is found again by what it is and what stands on it.
  function sameAs(old) {
    const isSame = (each) => each.textContent === old.textContent;
    return (old.id && document.getElementById(old.id)) || [...document.querySelectorAll(old.localName)].find(isSame);
  }

  function announce(isAsked) {
    // A rejection that belongs to the field is read with it.
    const apart = find("#text") ? ":not(#rejected)" : "";
    for (const each of document.querySelectorAll(`#told, .problem:not([hidden])${apart}`)) tell(each.innerText);
    if (!isAsked) tell(find("h1").innerText);
  }

  function tell(text) {
    const line = document.createElement("p");
    line.textContent = text.trim();
    line.lang = root.lang;
    find("#log").append(line);
    while (find("#log").childElementCount > 20) find("#log").firstElementChild.remove();
  }

  // --- The field: how much room there is, and a box that grows with its text --------------------------------------

  function prepare() {
    const field = find("#text");
    if (field) {
      if (!field.hasAttribute("aria-invalid") || field.value === "") restore(field);
      grow(field);
      count(field, false);
    }
    if (find("[data-wiped]")) sessionStorage.clear();
    listen();
  }

  function grow(field) {
    if (field.tagName !== "TEXTAREA" || CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 4}px`;
  }

  function count(field, aloud) {
    const counter = find("#counter");
    if (!counter) return;
    const most = Number(field.dataset.most);
    const left = most - [...field.value].length;
    const was = counter.dataset.near === "1";
    const near = left < most * (1 - NEARLY_FULL);
    counter.hidden = field.value === "" || !(near || field.tagName === "TEXTAREA");
    counter.textContent = `${counter.dataset.words} ${left.toLocaleString(root.lang)}`;
    counter.classList.toggle("over", left < 0);
    counter.dataset.near = near ? "1" : "";
    if (aloud && near && !was) tell(counter.textContent);
  }

  // --- Sending ---------------------------------------------------------------------------------------------------

  document.addEventListener("input", (event) => {
    if (event.target.id !== "text") return;
    keep(event.target);
    grow(event.target);
    count(event.target, true);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.tagName === "TEXTAREA") {
      event.preventDefault();
      event.target.form.requestSubmit(find("button.primary", event.target.form));
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-chat")) return;
    event.preventDefault();
    if (isUnderWay) return;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) fields.append(name, value);
    const pressed = event.submitter;
    if (pressed?.name) fields.append(pressed.name, pressed.value);
    unsent = { fields, action: form.action, shown: fields.get("shown") ?? "", hasText: fields.has("text") };
    send();
  });

  async function send() {
    const { fields, action, shown, hasText } = unsent;
    isUnderWay = true;
    find("main").setAttribute("aria-busy", "true");
    let html, ok;
    try {
      const answer = await fetch(action, { method: "POST", body: fields, headers: { "X-Chat": "script" } });
      html = await answer.text();
      ok = answer.ok;
    } catch {
      html = "";
    }
    isUnderWay = false;
    if (!html.includes('id="page"')) {
      noContact(); // nobody answered, or somebody in between did
      return;
    }
    unsent = null;
    if (ok && hasText) sent(shown);
    place(html, true);
    history.pushState({}, "", action);
  }

  // The form has a number that is used once: sent twice, it counts once.
  function noContact() {
    find("main").removeAttribute("aria-busy");
    showContact(false);
    setTimeout(sendAgain, RETRY_MS);
  }

  function showContact(isThere) {
    const notice = find("#no-contact");
    const wasThere = notice.hidden;
    for (const line of notice.children) line.hidden = (line.dataset.when === "online") !== navigator.onLine;
    notice.hidden = isThere;
    if (wasThere && !isThere) tell(notice.innerText);
  }

  function sendAgain() {
    if (unsent && !isUnderWay) send();
  }

  async function reload(isAsked) {
    try {
      const answer = await fetch(location.href);
      place(await answer.text(), isAsked);
    } catch {
      setTimeout(() => reload(isAsked), RETRY_MS);
    }
  }

  // --- What comes by itself: the register's answer, the network ----------------------------------------------------

  function listen() {
    waiting?.close();
    waiting = null;
    const where = find("[data-events]");
    if (!where) return;
    waiting = new EventSource(where.dataset.events);
    waiting.addEventListener("settled", () => {
      waiting?.close();
      reload(false);
    });
  }

  addEventListener("offline", () => showContact(false));
  addEventListener("online", () => (unsent ? sendAgain() : showContact(true)));
  addEventListener("popstate", () => reload(true));

  root.classList.add("script");
  quieten(page());
  prepare();
  root.dataset.turn = "0";
})();
