// A lesson page reads and works without this script; with it, it prints its cards alone.
"use strict";

(() => {
  const root = document.documentElement;

  // What needs a script is hidden until one runs.
  for (const element of document.querySelectorAll("[data-needs-script]")) {
    element.hidden = false;
  }

  // On paper nothing can be unfolded. Browsers that know `::details-content` do it by style
  // sheet; this is for those that do not.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    for (const details of unfolded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
    unfolded = [];
    delete root.dataset.printing;
  });

  for (const button of document.querySelectorAll("button[data-print]")) {
    button.addEventListener("click", () => {
      root.dataset.printing = button.dataset.print;
      print();
    });
  }
})();
