// The worked step with the reader's own numbers: what `course step` computes, computed here.
// The page shows the exercise's own numbers before this runs.
"use strict";

(() => {
  const LARGEST = 1e9;
  const MOST_STEPS = 50;
  const form = document.querySelector("form.numbers");
  const tables = document.querySelectorAll("table.walk");
  const outcome = document.querySelector("p.outcome");

  /** Take some steps, the gradient zeroed in each or never; stop where numbers outgrow a float. */
  function walk({ w, x, y, learningRate, steps }, zeroing) {
    const taken = [];
    let gradient = 0;
    for (let i = 0; i < steps; i++) {
      const prediction = w * x;
      const miss = prediction - y;
      const loss = miss * miss;
      const kept = zeroing ? 0 : gradient;
      gradient = kept + 2 * miss * x;
      const slope = kept ? gradient - kept : gradient;
      const next = w - learningRate * gradient;
      const nextMiss = next * x - y;
      const nextLoss = nextMiss * nextMiss;
      if (![loss, next, nextLoss].every(Number.isFinite)) break;
      taken.push({ w, prediction, loss, kept, slope, gradient, next, nextLoss });
      w = next;
    }
    return taken;
  }

  /** Write a number as Python's `.6g` does, with a true minus sign. */
  function short(number) {
    const sign = number < 0 || Object.is(number, -0) ? "−" : "";
    const magnitude = Math.abs(number);
    // Halfway between two, Python goes to the even one and JavaScript up.
    const halfway = /^(\d\.\d{4}[02468])50*e(.*)$/.exec(magnitude.toExponential(60));
    const [mantissa, power] = halfway ? halfway.slice(1) : magnitude.toExponential(5).split("e");
    const exponent = Number(power);
    const digits = mantissa.replace(".", "");
    let text;
    if (exponent < -4 || exponent > 5) text = mantissa;
    else if (exponent < 0) text = `0.${"0".repeat(-exponent - 1)}${digits}`;
    else text = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
    text = text.includes(".") ? text.replace(/\.?0*$/, "") : text;
    if (exponent < -4 || exponent > 5) text += `e${power.replace("+", "").replace("-", "−")}`;
    return sign + text;
  }

  /** Write a number to be added; a negative one in brackets. */
  function summand(number) {
    return number < 0 ? `(${short(number)})` : short(number);
  }

  function row(step, number) {
    const { w, prediction, loss, kept, slope, gradient, next, nextLoss } = step;
    const sum = kept ? `${short(kept)} + ${summand(slope)} = ` : "";
    const cells = [short(w), short(prediction), short(loss), sum + short(gradient)];
    const made = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = number;
    made.append(head);
    for (const text of [...cells, short(next), short(nextLoss)]) {
      made.insertCell().textContent = text;
    }
    return made;
  }

  function end(name, steps, asked) {
    const count = `${steps.length} step${steps.length === 1 ? "" : "s"}`;
    const grown = steps.length < asked ? `, and then the numbers outgrow a float` : "";
    const loss = steps.length ? `the loss is ${short(steps.at(-1).nextLoss)} after ${count}` : "no step is possible";
    return `${name} zeroing ${loss}${grown}`;
  }

  function numbers() {
    const fields = form.elements;
    const value = (name) => fields[name].valueAsNumber;
    let valid = true;
    for (const field of fields) {
      const number = field.valueAsNumber;
      const good = field.name === "steps"
        ? Number.isInteger(number) && number >= 1 && number <= MOST_STEPS
        : Number.isFinite(number) && Math.abs(number) <= LARGEST;
      field.setAttribute("aria-invalid", String(!good));
      valid &&= good;
    }
    return valid && {
      w: value("w"), x: value("x"), y: value("y"),
      learningRate: value("learning_rate"), steps: value("steps"),
    };
  }

  function work() {
    const given = numbers();
    if (!given) {
      outcome.textContent = "Every field needs a number from −1e9 to 1e9, the steps a whole one from 1 to 50. Until then, the tables stay as they are.";
      return;
    }
    const ends = [];
    for (const table of tables) {
      const zeroing = table.dataset.zeroing === "true";
      const steps = walk(given, zeroing);
      table.tBodies[0].replaceChildren(...steps.map((step, i) => row(step, i + 1)));
      ends.push(end(zeroing ? "With" : "without", steps, given.steps));
    }
    outcome.textContent = `${ends.join("; ")}.`;
  }

  form.addEventListener("input", work);
  form.addEventListener("submit", (event) => event.preventDefault());
})();
