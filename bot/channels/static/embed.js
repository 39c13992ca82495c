// Puts a button on the page that loads this script, and behind it the chat in a frame. All that it needs is in its tag:
//   <script src="https://…/embed.js" data-consultation="1" data-locale="nb" data-label="…" defer></script>
"use strict";

(() => {
  const tag = document.currentScript;
  const home = new URL("embed/", tag.src);
  const asked = tag.dataset.locale || document.documentElement.lang.slice(0, 2);
  const words = innspillWords[asked] ?? innspillWords.nb;
  if (tag.dataset.consultation) home.searchParams.set("c", tag.dataset.consultation);

  // In a tree of its own, so that the page's styles and ours leave each other alone. A style sheet that a script makes
  // is no inline style, so the page's own policy does not forbid it.
  const host = document.createElement("div");
  const tree = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  styles.replaceSync(`
    :host { all: initial; }
    button {
      font: 600 1rem/1.35 system-ui, sans-serif; min-height: 2.9rem; padding: 0.55rem 1.1rem; cursor: pointer;
      border: 0.125rem solid ${innspillColour}; border-radius: 0.25rem; background: ${innspillColour}; color: #fff;
    }
    button:focus-visible { outline: 0.2rem solid ${innspillColour}; outline-offset: 0.15rem; }
    dialog {
      box-sizing: border-box; width: min(46rem, 100vw); height: min(52rem, 100dvh); max-width: none; max-height: none;
      padding: 0; border: 0.125rem solid ${innspillColour}; border-radius: 0.25rem; background: #fff; overflow: hidden;
    }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: rgb(0 0 0 / 0.5); }
    .bar { display: flex; justify-content: flex-end; padding: 0.4rem; background: #f2f5f6; }
    .bar button { background: #fff; color: ${innspillColour}; }
    iframe { flex: 1; width: 100%; border: 0; }
  `);
  tree.adoptedStyleSheets = [styles];

  const open = document.createElement("button");
  open.type = "button";
  open.textContent = tag.dataset.label || words.open;
  open.lang = tag.dataset.label ? "" : asked;

  const panel = document.createElement("dialog");
  panel.setAttribute("aria-label", words.frame);
  const bar = document.createElement("div");
  bar.className = "bar";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = words.close;
  close.addEventListener("click", () => panel.close());
  bar.append(close);
  panel.append(bar);

  let frame = null; // made at the first click: a page that nobody answers on loads nothing more
  open.addEventListener("click", () => {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = words.frame;
      frame.src = home.href;
      panel.append(frame);
    }
    panel.showModal(); // closing it, with Escape too, gives the focus back to the button
  });

  tree.append(open, panel);
  const place = () => (tag.closest("body") ? tag.after(host) : document.body.append(host));
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
