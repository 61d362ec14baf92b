import { html, svg, type TemplateResult } from 'lit';
import { encode } from 'uqr';

/** A QR code as one path of squares, with the quiet zone of four modules that scanners need. */
export function qrCode(text: string): TemplateResult {
  const { data, size } = encode(text, { ecc: 'L', border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="The recovery code as a QR code" shape-rendering="crispEdges">
    ${svg`<path fill="currentColor" d=${path}></path>`}
  </svg>`;
}
