// Sets the look before the first paint. The settings are the truth; this flag is their shadow from the last visit.
const root = document.documentElement;
try {
  Object.assign(root.dataset, JSON.parse(localStorage.getItem('holdfast-look') ?? '{}'));
} catch {
  // Storage is switched off here: the system's own choice stays.
}
const { motion } = root.dataset;
if (motion === 'reduce' || (motion !== 'full' && matchMedia('(prefers-reduced-motion: reduce)').matches)) root.dataset.still = '';
