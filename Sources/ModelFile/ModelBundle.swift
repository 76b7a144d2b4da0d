import Foundation
import Yams

/// The files of a model as bytes: what travels to workers, and what is hashed.
package struct ModelBundle: Sendable {
    /// Name of the model file, without its folder.
    package var modelName: String
    package var model: [UInt8]
    /// Data files by the path that the model file gives them, in the order of the paths, then what transaction files
    /// come to by day under `Aggregation.bundlePath` and what queries give under `DatabaseSource.bundlePath`. A file that
    /// could not be read is absent.
    package var files: [(path: String, bytes: [UInt8])]

    package init(modelName: String, model: [UInt8], files: [(path: String, bytes: [UInt8])]) {
        self.modelName = modelName
        self.model = model
        self.files = files
    }
}

extension ModelFileReader {
    /// Reads a model file, the data files that it names, and what its queries give. Throws only when the model file
    /// itself cannot be read, or the records of a transaction file, or when a query fails; what is wrong inside is
    /// otherwise found by `read`.
    package static func bundle(at path: String) throws(ProblemList) -> ModelBundle {
        guard let model = FileManager.default.contents(atPath: path) else {
            throw ProblemList(problems: [
                Problem(
                    file: path, message: "the model file cannot be read.", mend: "check the path and its permissions.")
            ])
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let (paths, transactions, queries) = sources(in: Array(model))
        var problems: [Problem] = []
        let tables = queries.compactMap { index, source -> (String, [UInt8])? in
            let name = source.database.name
            let url = URL(fileURLWithPath: name, relativeTo: folder)
            if case .sqlite = source.database, !FileManager.default.fileExists(atPath: url.path) { return nil }
            do throws(DatabaseFailure) {
                return (DatabaseSource.bundlePath(name, source: index), try source.bytes(at: url.path))
            } catch {
                problems.append(
                    Problem(file: path, message: "the query on '\(name)' fails: \(error.reason).", mend: error.mend))
                return nil
            }
        }
        let daily = transactions.compactMap { index, dataPath, aggregation -> (String, [UInt8])? in
            let url = URL(fileURLWithPath: dataPath, relativeTo: folder)
            guard FileManager.default.fileExists(atPath: url.path) else { return nil }
            return DailyAggregate(path: url.path, name: dataPath, aggregation, problems: &problems).map {
                (Aggregation.bundlePath(dataPath, source: index), $0.bytes)
            }
        }
        guard problems.isEmpty else { throw ProblemList(problems: problems) }
        let files = Set(paths).sorted().compactMap { dataPath -> (String, [UInt8])? in
            let url = URL(fileURLWithPath: dataPath, relativeTo: folder)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
                return nil
            }
            return FileManager.default.contents(atPath: url.path).map { (dataPath, Array($0)) }
        }
        return ModelBundle(
            modelName: (path as NSString).lastPathComponent, model: Array(model), files: files + daily + tables)
    }

    /// The entries of `data.sources`, as far as the file can be understood: files that are taken as they are, that of an
    /// accepted fit among them, and
    /// transaction files with their place in the list.
    private static func sources(
        in model: [UInt8]
    ) -> (
        files: [String], transactions: [(index: Int, path: String, aggregation: Aggregation)],
        queries: [(index: Int, source: DatabaseSource)]
    ) {
        guard let root = try? Yams.compose(yaml: TextCoding.text(model)),
            let data = root.mapping?["data"]?.mapping, let sources = data["sources"]?.sequence
        else { return ([], [], []) }
        var files = [root.mapping?["accepted"]?.scalar?.string].compactMap(\.self)
        var transactions: [(Int, String, Aggregation)] = []
        var queries: [(Int, DatabaseSource)] = []
        for (index, source) in sources.enumerated() {
            if let query = source.mapping?["query"]?.scalar?.string {
                if let path = source.mapping?["sqlite"]?.scalar?.string {
                    queries.append((index, DatabaseSource(database: .sqlite(path), query: query)))
                } else if let connection = source.mapping?["postgres"]?.scalar?.string,
                    !PostgreSQLConnection.holdsPassword(connection)
                {
                    queries.append((index, DatabaseSource(database: .postgres(connection), query: query)))
                }
            }
            guard let path = source.mapping?["file"]?.scalar?.string else { continue }
            if let node = source.mapping?["aggregate"] {
                guard let aggregation = Aggregation(node, geo: data["geo"]?.scalar?.string) else { continue }
                transactions.append((index, path, aggregation))
            } else {
                files.append(path)
            }
        }
        return (files, transactions, queries)
    }
}
