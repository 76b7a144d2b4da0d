import Analysis
import Foundation
import Glibc

/// The folder that a fit or a study leaves: `run.json`, and the files that it vouches for.
package enum ResultsFolder {
    package static let manifestName = "run.json"
    /// Model and data as they were fitted.
    package static let bundleName = "bundle.json"
    package static let posteriorName = "posterior.nc"
    package static let reportName = "report.html"
    /// What the report says, before it is worded.
    package static let archiveName = "report.json"

    /// Writes every file; `run.json` comes last, with the digests of the others. The folder is made under a temporary
    /// name and renamed when all is durable, so it is there whole or not at all; an older one of its name steps aside
    /// by a rename first, and is deleted last.
    /// - Parameter digest: SHA-256 as hexadecimal text.
    package static func write(
        _ content: ResultsContent, to directory: String, digest: (Data) -> String
    ) throws {
        try replace(directory) { partial in
            var digests: [String: String] = [:]
            for (name, text) in content.files {
                let data = Data(text.utf8)
                try writeFile(data, to: "\(partial)/\(name)")
                digests[name] = digest(data)
            }
            if !content.groups.isEmpty {
                let netCDF = "\(partial)/\(posteriorName)"
                try NetCDFFile.write(
                    groups: content.groups, attributes: [("creation_library", "tutti"), ("Conventions", "CF-1.8")],
                    to: netCDF)
                // Mapped: the largest of the files need not be held.
                digests[posteriorName] = try digest(
                    Data(contentsOf: URL(fileURLWithPath: netCDF), options: .alwaysMapped))
                try sync(netCDF)
            }
            return content.manifest.vouching(for: digests)
        }
    }

    /// Puts a folder in the place of an older one.
    /// - Parameter fill: writes all but `run.json`, which it returns, into the folder that it is given.
    private static func replace(_ directory: String, fill: (String) throws -> Manifest) throws {
        let manager = FileManager.default
        let partial = directory + ".part"
        let replaced = partial + ".replaced"
        if manager.fileExists(atPath: partial) { try manager.removeItem(atPath: partial) }
        try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
        let manifest = try fill(partial)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try writeFile(encoder.encode(manifest) + [UInt8(ascii: "\n")], to: "\(partial)/\(manifestName)")
        try sync(partial)
        // Deleting takes a call for each file: an interrupted one must not leave half a folder under the name.
        if manager.fileExists(atPath: directory) {
            if manager.fileExists(atPath: replaced) { try manager.removeItem(atPath: replaced) }
            try manager.moveItem(atPath: directory, toPath: replaced)
        }
        try manager.moveItem(atPath: partial, toPath: directory)
        try sync((directory as NSString).deletingLastPathComponent)
        if manager.fileExists(atPath: replaced) { try manager.removeItem(atPath: replaced) }
    }

    /// The manifest of a results folder; nil when there is none, or a `run.json` that is not ours.
    package static func readManifest(in directory: String) throws -> Manifest? {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(manifestName)") else { return nil }
        return try? JSONDecoder().decode(Manifest.self, from: data)
    }

    /// Records × fields of one of the folder's tables, the header first; nil when there is no such file.
    package static func readTable(_ name: String, in directory: String) -> [[String]]? {
        FileManager.default.contents(atPath: "\(directory)/\(name)").map {
            CSVReading.records(String(decoding: $0, as: UTF8.self))
        }
    }

    private static func writeFile(_ data: Data, to path: String) throws {
        try data.write(to: URL(fileURLWithPath: path))
        try sync(path)
    }

    /// Makes a file, or the names in a folder, durable.
    private static func sync(_ path: String) throws {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
