// Proof of work: finds the number after which the SHA-256 of "challenge:number" begins with enough
// zero bits, a few thousand tries at a time so that the page stays awake. The difficulty stands in the
// challenge itself. SHA-256 is our own: the browser's is not there on plain http.
const K = [];
const START = [];
for (let n = 2; K.length < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  const part = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  if (START.length < 8) START.push(part(Math.sqrt(n)));
  K.push(part(Math.cbrt(n)));
}
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(h, w) {
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15], b = w[i - 2];
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, z] = h;
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (z + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [z, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, z].forEach((v, i) => { h[i] = (h[i] + v) | 0; });
}

// The 256 bits of an ASCII text as eight numbers.
export function sha256(text) {
  const length = text.length;
  const words = new Int32Array((((length + 8) >> 6) + 1) * 16);
  for (let i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[length >> 2] |= 0x80 << (24 - (length % 4) * 8);
  words[words.length - 1] = length * 8;
  const h = START.slice();
  const w = new Int32Array(64);
  for (let at = 0; at < words.length; at += 16) {
    w.set(words.subarray(at, at + 16));
    block(h, w);
  }
  return h;
}

function zeroBits(h) {
  let bits = 0;
  for (const word of h) {
    if (word !== 0) return bits + Math.clz32(word);
    bits += 32;
  }
  return bits;
}

// The challenge is Django's signed JSON: [random, bits] in base64 before the first colon.
function bitsOf(challenge) {
  const data = challenge.split(":")[0].replace(/-/g, "+").replace(/_/g, "/");
  return JSON.parse(atob(data))[1];
}

const field = document.querySelector("[data-proof]");
if (field) {
  const form = field.form;
  const says = form.querySelector("[data-proof-says]");
  const button = form.querySelector("button");
  const bits = bitsOf(field.value);
  let number = 0;
  let waits = false;
  says.textContent = says.dataset.working;
  says.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault(); // it goes by itself in a moment
    waits = true;
    button.disabled = true;
  });
  const work = () => {
    for (let tries = 0; tries < 2000; tries++, number++) {
      if (zeroBits(sha256(`${field.value}:${number}`)) < bits) continue;
      form.elements.answer.value = String(number);
      says.textContent = says.dataset.done;
      button.disabled = false;
      if (waits) form.submit();
      return;
    }
    setTimeout(work);
  };
  work();
}
