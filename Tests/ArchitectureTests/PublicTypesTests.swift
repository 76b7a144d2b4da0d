import Foundation
import Testing

/// The modules that are library products.
private let libraries = ["Kernels", "Densities", "Posterior", "Sampling"]

/// The declaration of a public type, or an extension of some type.
private struct Declaration {
    var name: String
    var file: String
    var isExtension: Bool
    /// A protocol's requirements and an enumeration's cases are public by themselves.
    var hasPublicMember: Bool
}

/// `swift format` puts a body's end at the column of its beginning, and its members four columns further.
private func declarations(_ file: String, _ lines: [Substring]) throws -> [Declaration] {
    let declaration = try Regex(
        #"^( *)(?:@\w+ )*(?:public )?(?:final |indirect )*(struct|enum|class|protocol|actor|extension) ([\w.]+)"#,
        as: (Substring, Substring, Substring, Substring).self)
    let member = /^ *(?:@\w+(?:\([^)]*\))? )*public\b/
    let enumerationCase = /^ *(?:indirect )?case\b/
    return try lines.enumerated().compactMap { index, line in
        guard let match = try declaration.prefixMatch(in: line) else { return nil }
        let (indent, kind) = (match.output.1, match.output.2)
        guard kind == "extension" || line.contains("public ") else { return nil }
        let body = lines[(index + 1)...].prefix { !$0.hasPrefix("\(indent)}") }
            .filter { $0.hasPrefix("\(indent)    ") && !$0.hasPrefix("\(indent)     ") }
        return Declaration(
            name: String(match.output.3.split(separator: ".").last ?? match.output.3), file: file,
            isExtension: kind == "extension",
            hasPublicMember: body.contains { line in
                kind == "protocol" || line.prefixMatch(of: member) != nil
                    || kind == "enum" && line.prefixMatch(of: enumerationCase) != nil
            })
    }
}

@Test("a public type of a library has a public member", arguments: libraries)
func publicTypesHavePublicMembers(module: String) throws {
    let folder = packageFolder.appendingPathComponent("Sources/\(module)")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
    var found: [Declaration] = []
    for case let path as String in files where path.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
        found += try declarations(path, text.split(separator: "\n"))
    }
    let types = Dictionary(grouping: found, by: \.name).filter { $0.value.contains { !$0.isExtension } }
    #expect(!types.isEmpty)
    for (name, places) in types {
        #expect(places.contains { $0.hasPublicMember }, "\(name) in \(places[0].file)")
    }
}
