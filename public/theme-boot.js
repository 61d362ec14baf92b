// Sets the theme before the first paint. The settings entity is the truth; this flag is its shadow from the last visit.
try {
  const theme = localStorage.getItem('holdfast-theme');
  if (theme && theme !== 'system') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off here: the system's own choice stands.
}
