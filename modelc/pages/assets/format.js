// Amounts as text. A text is a formula in sizes that are not known, and stays as it is.
const whole = new Intl.NumberFormat("en");

function short(amount) {
  if (typeof amount === "string") return amount;
  for (const [unit, size] of [["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3]]) {
    if (amount >= size) return `${rounded(amount / size)} ${unit}`;
  }
  return String(amount);
}

function bytes(amount) {
  if (typeof amount === "string") return `${amount} Byte`;
  let unit = "Byte";
  for (const larger of ["KB", "MB", "GB", "TB"]) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = larger;
  }
  return `${unit === "Byte" ? amount : rounded(amount)} ${unit}`;
}

const rounded = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const full = (amount) => (typeof amount === "string" ? amount : whole.format(amount));
const told = (cost, amount) => (cost === "memory" ? bytes(amount) : short(amount));
const shapes = (text) => text.split("|").join(", ");

function number(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}
