/// One thing that a file of results holds: a column of a table, a key of a JSON document, a variable of `posterior.nc`.
///
/// Whatever writes a file takes its names from such fields, so that nothing is written that the reference does not explain.
package struct ResultField: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case text
        case number
        case whole = "whole number"
        case boolean = "true or false"
        case list
        case mapping
    }

    /// Of a key in a JSON document its path, with `[]` for the entries of a list and `*` for names of any kind.
    package var name: String
    package var kind: Kind
    /// Empty where a unit has no meaning.
    package var unit: String
    /// A sentence.
    package var meaning: String

    package init(_ name: String, _ kind: Kind, unit: String = "", _ meaning: String) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.meaning = meaning
    }
}

/// A file of results, or what a command prints as JSON, with all that it holds.
package struct ResultFile: Sendable {
    package var name: String
    /// What makes it: `tutti fit`.
    package var commands: [String]
    /// What a record of it is, and where more is said.
    package var meaning: String
    /// Empty for files that hold words and pictures for people.
    package var fields: [ResultField]

    package init(
        _ name: String, of commands: [String], _ meaning: String, fields: [ResultField] = []
    ) {
        self.name = name
        self.commands = commands
        self.meaning = meaning
        self.fields = fields
    }
}
