import JSON
import Results

/// A results folder from which an assistant is answered.
package struct ServedResults: Sendable {
    /// By which the assistant names it.
    package let name: String
    /// By which commands name it.
    package let path: String
    /// What has to be done before commands find it there; nil where it lies there.
    package let preparation: String?
    private let contents: @Sendable (String) -> [UInt8]?
    private let digest: @Sendable ([UInt8]) -> String

    /// - Parameters:
    ///   - preparation: a command.
    ///   - contents: the bytes of a file of the folder; nil where there is none.
    ///   - digest: SHA-256 as hexadecimal text.
    package init(
        name: String, path: String, preparation: String? = nil, contents: @escaping @Sendable (String) -> [UInt8]?,
        digest: @escaping @Sendable ([UInt8]) -> String
    ) {
        self.name = name
        self.path = path
        self.preparation = preparation
        self.contents = contents
        self.digest = digest
    }

    /// The results as they are now.
    package func opened() throws(ToolRefusal) -> OpenedResults {
        guard let run = file(ResultsFolder.manifestName), let manifest = JSONValue(parsing: run.bytes) else {
            throw ToolRefusal("\(path) holds no results. Mend: serve a results folder of `tutti fit`.")
        }
        return OpenedResults(results: self, run: run, manifest: manifest)
    }

    func file(_ name: String) -> ServedFile? {
        contents(name).map { ServedFile(name: name, bytes: $0, sha256: digest($0)) }
    }
}

/// A file as it was when it was read.
package struct ServedFile: Sendable {
    package let name: String
    package let bytes: [UInt8]
    /// Of the bytes.
    package let sha256: String

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func source(isTable: Bool) -> FigureSource { FigureSource(file: name, sha256: sha256, isTable: isTable) }
}

/// Results while one question about them is answered.
package struct OpenedResults: Sendable {
    let results: ServedResults
    /// `run.json`.
    let run: ServedFile
    let manifest: JSONValue

    /// A file of the folder; nil where there is none.
    /// - Throws: where it is not the one that `run.json` vouches for.
    package func file(_ name: String) throws(ToolRefusal) -> ServedFile? {
        guard let file = results.file(name) else { return nil }
        if let vouched = manifest["files"]?[name]?.text, vouched != file.sha256 {
            throw ToolRefusal(
                "\(results.path)/\(name) is not the file that run.json vouches for: it was changed after the fit. Mend: "
                    + "fit again, or fetch the results again.")
        }
        return file
    }

    /// What every answer says of the results that it is from.
    package var identity: JSONValue {
        var value: JSONValue = ["name": .text(results.name), "path": .text(results.path)]
        if let fit = manifest["fit"] { value["fit"] = fit }
        if let model = manifest["name"] { value["model"] = model }
        value["convergence"] = .text(outcome)
        return value
    }

    private var outcome: String {
        manifest["verdict"]?["outcome"]?.text ?? (manifest["verdict"]?["passed"] == true ? "passed" : "failed")
    }

    /// What nobody should pass figures on without.
    package var notes: [String] {
        switch outcome {
        case "passed": []
        case "figures_only":
            ["Some parameters did not pass the convergence gate; the reported figures did. See the tool diagnostics."]
        default: ["The fit did not pass its convergence gate: these figures may be wrong. See the tool diagnostics."]
        }
    }

    /// An answer from these results, without figures yet.
    package func answer() -> FigureAnswer { FigureAnswer(results: identity, notes: notes) }

    /// The unit of a figure in the money and the pieces of this fit, by the reference's words.
    package func unit(_ reference: String) -> String {
        let currency = manifest["money"]?["currency"]?.text
        return switch reference {
        case "": "none"
        case "KPI units": manifest["units"]?["contribution"]?.text ?? reference
        case "KPI money per money": manifest["units"]?["roi"]?.text ?? reference
        case "money", "KPI money": currency ?? reference
        default: reference
        }
    }

    /// The unit of a reported quantity, as `roi[tv]`.
    func unit(ofQuantity name: String) -> String {
        switch name.prefix(while: { $0 != "[" }) {
        case "roi", "mroi": unit("KPI money per money")
        case "contribution", "baseline", "total", "lift": unit("KPI units")
        default: "that of the parameter, see the reference of the model file"
        }
    }
}
