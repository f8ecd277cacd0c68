"""What the pages of a test run beside the product's own modules."""

WATCH = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# Notes the instant at which words first stand in the page, wherever they stand.
NOTICE = """
(words) => {
  const flat = (text) => text.replace(/\\s+/g, ' ');
  const there = () => flat(document.body.innerText).includes(flat(words));
  return new Promise((resolve, reject) => {
    if (there()) return resolve(Date.now());
    const watcher = new MutationObserver(() => { if (there()) { watcher.disconnect(); resolve(Date.now()); } });
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
    setTimeout(() => reject(new Error(`not seen: ${words}`)), 8000);
  });
}
"""
SPOKEN = """
() => {
  globalThis.spoken = [];
  const region = document.getElementById('annonces');
  new MutationObserver(() => { if (region.textContent) globalThis.spoken.push(region.textContent); })
    .observe(region, { childList: true, characterData: true, subtree: true });
}
"""
