import Assistant
import Cluster
import Foundation
import JSON

/// The files of results folders as resources of the protocol: `tutti://results/NAME/FILE`.
struct ResultResources: Sendable {
    private let folders: ServedFolders

    private static let opening = "tutti://results/"
    /// Longer ones are no reading for an assistant.
    private static let byteCountMax = 4 << 20
    private static let types = ["text/csv", "application/json", "text/html"]
    private static let plain = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")

    init(_ folders: ServedFolders) { self.folders = folders }

    var list: JSONValue {
        [
            "resources": .list(
                folders.all.flatMap { served in
                    entries(of: served).map { entry in
                        [
                            "uri": .text(Self.address(of: entry.name, in: served)), "name": .text(entry.name),
                            "title": .text("\(entry.name) of \(served.results.name)"),
                            "mimeType": .text(Self.type(of: entry)),
                            "size": .whole(entry.bytes),
                        ]
                    }
                })
        ]
    }

    func read(_ address: String) throws -> JSONValue {
        for served in folders.all {
            for entry in entries(of: served) where Self.address(of: entry.name, in: served) == address {
                guard let file = try served.results.opened().file(entry.name) else { continue }
                return [
                    "contents": [
                        [
                            "uri": .text(address), "mimeType": .text(Self.type(of: entry)),
                            "text": .text(String(decoding: file.bytes, as: UTF8.self)),
                            "_meta": ["sha256": .text(file.sha256)],
                        ]
                    ]
                ]
            }
        }
        throw ProtocolError(
            .resourceNotFound, "There is no resource '\(address)'. Mend: take an address from resources/list.")
    }

    private func entries(of served: ServedFolder) -> [ResultEntry] {
        ((try? ResultEntry.list(in: served.folder)) ?? []).filter {
            Self.types.contains(Self.type(of: $0)) && $0.bytes <= Self.byteCountMax
        }
    }

    private static func type(of entry: ResultEntry) -> String { String(entry.mediaType.prefix { $0 != ";" }) }

    private static func address(of file: String, in served: ServedFolder) -> String {
        let parts = [served.results.name, file].map { $0.addingPercentEncoding(withAllowedCharacters: plain) ?? "" }
        return opening + parts.joined(separator: "/")
    }
}
