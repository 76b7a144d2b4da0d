import JSON

/// A number of results with all that it takes to quote it: its interval, its unit, and where it stands.
package struct Figure: Sendable {
    /// One number of it: what it is (`mean`, `q05`, `value`), and the column or key under which it stands.
    struct Part: Sendable {
        var name: String
        var value: JSONValue
        var place: String
    }

    var name: String
    var parts: [Part]
    var unit: String
    var source: FigureSource

    var value: JSONValue {
        var value: JSONValue = [
            "figure": .text(name), "unit": .text(unit), "interval": .text(interval),
            "source": source.value(of: parts),
        ]
        for part in parts { value[part.name] = part.value }
        return value
    }

    /// Between which of its parts the truth lies, by the model.
    private var interval: String {
        let names = Set(parts.map(\.name))
        return names.isSuperset(of: ["q05", "q95"]) ? "90 %, from q05 to q95" : "none is told"
    }
}

/// The file in which figures stand, or the command that prints them.
package struct FigureSource: Sendable {
    var file: String
    /// Of the file's bytes.
    var sha256: String
    /// What prints the figure, where it stands in no file: run again, it prints the same. The file is what it reads.
    var command: String?
    /// What places are: columns of a table, or keys of a JSON document.
    var isTable: Bool

    package init(file: String, sha256: String, command: String? = nil, isTable: Bool) {
        self.file = file
        self.sha256 = sha256
        self.command = command
        self.isTable = isTable
    }

    /// Without the places of figures.
    var value: JSONValue {
        var value: JSONValue = ["file": .text(file), "sha256": .text(sha256)]
        if let command { value["command"] = .text(command) }
        return value
    }

    func value(of parts: [Figure.Part]) -> JSONValue {
        var value = value
        let places = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, JSONValue.text($0.place)) })
        value[isTable ? "columns" : "keys"] = .mapping(places)
        return value
    }
}
