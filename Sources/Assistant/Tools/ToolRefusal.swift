/// Why a tool cannot answer, and what to do: one sentence each, for the assistant to mend its question by.
package struct ToolRefusal: Error, Hashable, Sendable {
    package var text: String

    package init(_ text: String) { self.text = text }
}
