import type { UnsavedDocument } from '#app/tab-guard.ts';
import { ledger } from '#entities/index.ts';

/** Documents as one Markdown text: texts as they are, everything else of them as JSON. Fields that are secret stay out. */
export function unsavedAsMarkdown(documents: readonly UnsavedDocument[]): string {
  return `${documents.map(documentAsMarkdown).join('\n\n---\n\n')}\n`;
}

function documentAsMarkdown({ kind, fields }: UnsavedDocument): string {
  const declaration = ledger.get(kind);
  const shown = Object.entries(fields).filter(([field, value]) => {
    const declared = declaration?.fields[field];
    return (
      field !== declaration?.document?.titleField && value !== null && value !== '' && !declared?.secret && !declared?.bookkeeping
    );
  });
  const texts = shown.filter(([, value]) => typeof value === 'string').map(([, value]) => String(value));
  const others = shown.filter(([, value]) => typeof value !== 'string');
  return [
    `# ${declaration?.title(fields) || 'Untitled'}`,
    ...texts,
    ...(others.length > 0 ? [`\`\`\`json\n${JSON.stringify(Object.fromEntries(others), null, 2)}\n\`\`\``] : []),
  ].join('\n\n');
}
