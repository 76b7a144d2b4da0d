import JSON

/// A tool that answers from the files of one results folder.
package struct ResultsTool: Sendable {
    package let tool: Tool
    private let answering: @Sendable (ToolArguments, OpenedResults) throws(ToolRefusal) -> JSONValue

    /// The argument that says from which results to answer.
    package static let parameter = ToolParameter(
        "results", .text,
        "Which results: a name that the tool results tells, or the number of a finished job. Left out: the only ones, or "
            + "the first folder.")

    init(
        _ tool: Tool,
        answering: @escaping @Sendable (ToolArguments, OpenedResults) throws(ToolRefusal) -> JSONValue
    ) {
        var tool = tool
        tool.parameters.append(Self.parameter)
        self.tool = tool
        self.answering = answering
    }

    package func answer(_ arguments: ToolArguments, from results: ServedResults) throws(ToolRefusal) -> JSONValue {
        try answering(arguments, try results.opened())
    }
}
