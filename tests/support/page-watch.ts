/** What no page may do in any test: violate its content security policy, or throw where nobody catches. */
import type { BrowserContext, ConsoleMessage } from '@playwright/test';

/** Browsers print a violation in the console of the context that caused it, workers and service workers included. */
const VIOLATION = /content.security.policy|trusted ?type/i;
const MARK = 'policy violation:';

/** Adds what goes wrong in any page or worker of the context to `problems`, from its next document on. */
export async function watchPages(context: BrowserContext, problems: string[]): Promise<void> {
  const hear = (message: ConsoleMessage): void => {
    const text = message.text();
    if (text.startsWith(MARK) || VIOLATION.test(text)) problems.push(text);
  };
  context.on('console', hear);
  context.on('weberror', (event) => problems.push(`uncaught in ${event.page()?.url()}: ${event.error().stack || event.error()}`));
  context.on('serviceworker', (worker) => worker.on('console', hear));
  await context.addInitScript((mark) => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber, sample }) =>
      console.error(mark, violatedDirective, blockedURI, `${sourceFile}:${lineNumber}`, sample),
    );
  }, MARK);
}
