// Runs before the first paint, so that a chosen theme never flashes. A file of its own: the policy allows no inline script.
try {
  const { theme, density } = JSON.parse(localStorage.getItem("assay.preferences") ?? "{}");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (density === "dense") document.documentElement.dataset.density = density;
} catch {
  // Storage is blocked or holds something else: the system's theme it is.
}
