/** Asks again and again while somebody looks: each period, more rarely while it fails, not at all while hidden. */

const LONGEST_MS = 30_000;

/**
 * `ask` is called every `period` ms; its answer goes to `heard`, its failure to `failed`, which is told when it asks again.
 * The function that is returned ends it.
 */
export function feed({ ask, period, heard, failed = () => {} }) {
  let timer = null;
  let failures = 0;
  let over = false;

  async function turn() {
    timer = null;
    const begun = Date.now();
    let pause = period;
    try {
      const answer = await ask();
      if (over) return;
      failures = 0;
      heard(answer);
    } catch (problem) {
      if (over) return;
      if (problem.status === undefined) throw problem;
      failures += 1;
      pause = problem.after ?? Math.min(LONGEST_MS, period * 2 ** failures);
      pause += Math.random() * 0.2 * pause;
      failed(problem, pause);
    }
    if (!over && !document.hidden) timer = setTimeout(turn, Math.max(0, pause - (failures ? 0 : Date.now() - begun)));
    else timer = null;
    asking = false;
  }

  let asking = true;
  function seen() {
    if (document.hidden) {
      clearTimeout(timer);
      timer = null;
    } else if (timer === null && !asking) {
      asking = true;
      turn();
    }
  }

  document.addEventListener("visibilitychange", seen);
  turn();
  return () => {
    over = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
