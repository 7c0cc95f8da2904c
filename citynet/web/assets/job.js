// The page of a job brings itself up to date while the job runs. Without this it loads itself anew.
const PAUSE = 1500;

// Where the keyboard stands or text is chosen, nothing is replaced under it.
function isInUse(part) {
  const chosen = getSelection();
  return part.contains(document.activeElement) || (!chosen.isCollapsed && part.contains(chosen.anchorNode));
}

async function look() {
  const answer = await fetch(location.href).catch(() => null);
  if (answer && answer.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const now = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!now || isInUse(part) || part.innerHTML === now.innerHTML) continue;
      part.replaceChildren(...now.childNodes);
    }
    if (!page.querySelector("[data-running]")) return;
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
