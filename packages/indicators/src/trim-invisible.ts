const invisible = /[\s\u00ad\u200b-\u200f\u2060\ufeff]/;

/** Takes spaces, and characters that cannot be seen, from both ends. A loop: an expression would be quadratic. */
export function trimInvisible(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && invisible.test(text[start] ?? "")) start++;
  while (end > start && invisible.test(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}
