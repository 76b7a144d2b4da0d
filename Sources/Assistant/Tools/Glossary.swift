import JSON
import Results

/// What columns, keys and figures mean, from the reference of result files.
package struct Glossary: Sendable {
    private let files: [ResultFile]

    private static let fieldsMax = 200

    /// - Parameter others: what commands print.
    package init(with others: [ResultFile]) { files = ResultsPage.files + others }

    package let tool = Tool(
        "glossary", title: "What a column or figure means",
        "Type, unit and meaning of columns and keys of all result files, and of what commands print as JSON.",
        parameters: [
            ToolParameter("file", .text, "Only of this file, as channels.csv."),
            ToolParameter("name", .text, "Only columns and keys whose names hold this, as mroi."),
        ],
        answer: [
            "type": "object",
            "properties": [
                "fields": [
                    "type": "array",
                    "items": ["type": "object", "additionalProperties": ["type": "string"]],
                ], "notes": ["type": "array", "items": ["type": "string"]],
            ], "required": ["fields", "notes"], "additionalProperties": false,
        ])

    package func answer(_ arguments: ToolArguments) throws(ToolRefusal) -> JSONValue {
        let names = files.map(\.name)
        if let file = arguments.text("file"), !names.contains(file) {
            throw ToolRefusal("There is no file '\(file)'. Mend: \(Tool.mend(for: file, among: names))")
        }
        let (wantedFile, wantedName) = (arguments.text("file"), arguments.text("name"))
        let chosen = files.filter { wantedFile == nil || $0.name == wantedFile }
        var fields: [JSONValue] = []
        var notes: [String] = []
        for file in chosen {
            let found = file.fields.filter { field in wantedName.map { field.name.contains($0) } ?? true }
            guard !found.isEmpty else { continue }
            notes.append("\(file.name), of \(file.commands.joined(separator: ", ")): \(file.meaning)")
            fields += found.map { field in
                [
                    "file": .text(file.name), "name": .text(field.name), "type": .text(field.kind.rawValue),
                    "unit": .text(field.unit), "meaning": .text(field.meaning),
                ]
            }
        }
        if fields.count > Self.fieldsMax {
            notes.append("There are more than these. Mend: name a file, or a part of the name.")
        }
        if fields.isEmpty { notes.append("Nothing is called so. Mend: give a part of the name, as roi.") }
        return [
            "fields": .list(Array(fields.prefix(Self.fieldsMax))), "notes": .list(notes.map { .text($0) }),
        ]
    }
}
