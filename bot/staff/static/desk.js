// Keeps the figures of an export up to date while it is written. Without this script there is a link that asks again.
"use strict";

(() => {
  const box = document.getElementById("export");
  const told = document.getElementById("told");
  const progress = document.getElementById("progress");
  const again = document.getElementById("again");
  const stop = document.getElementById("stop");

  const show = (state) => {
    if (told.textContent !== state.told) told.textContent = state.told;
    progress.max = Math.max(state.total, 1);
    progress.value = state.done;
    const isOver = state.state !== "waiting" && state.state !== "running";
    progress.hidden = isOver;
    if (isOver && document.activeElement === stop) document.getElementById("main").focus();
    stop.hidden = isOver;
    for (const id of ["fetch", "delete"]) document.getElementById(id).hidden = state.state !== "ready";
    return isOver;
  };

  const ask = async () => {
    let seconds = 1;
    for (;;) {
      await new Promise((resume) => setTimeout(resume, seconds * 1000));
      try {
        const answer = await fetch(box.dataset.address, { redirect: "error" });
        if (answer.ok) {
          if (show(await answer.json())) return;
          seconds = 1;
          continue;
        }
        if (answer.status < 500) return; // gone, or logged out: the link says so
      } catch {
        // offline for a moment
      }
      seconds = Math.min(seconds * 2, 30);
    }
  };

  again.hidden = true;
  ask();
})();
