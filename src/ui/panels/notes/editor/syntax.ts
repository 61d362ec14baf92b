/** What a text means, by the syntax tree of Markdown. */
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

type Tree = ReturnType<typeof syntaxTree>;
type SyntaxNode = ReturnType<Tree['resolveInner']>;

/** Long enough for any note that a person writes; what is later in a longer one is formatted by its signs alone. */
const PARSE_MS = 100;

/** The tree, up to a place at least. */
export const treeTo = (state: EditorState, to: number): Tree => ensureSyntaxTree(state, to, PARSE_MS) ?? syntaxTree(state);

/** The nodes around a place, the innermost first; the tree reaches up to `to`. */
export function* nodesAround(state: EditorState, from: number, to: number): Generator<SyntaxNode> {
  for (let node: SyntaxNode | null = treeTo(state, to).resolveInner(from, 1); node; node = node.parent) yield node;
}
