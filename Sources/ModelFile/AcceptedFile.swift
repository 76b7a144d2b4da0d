import Foundation
import ModelDefinition

/// The file of an accepted fit: JSON, keys in order.
package enum AcceptedFile {
    package static func bytes(_ fit: AcceptedFit) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(fit))
    }

    /// The file that the model names is read into what it asks for.
    static func apply(
        to read: inout ReadSpecification, files: [(path: String, bytes: [UInt8])], modelFile: String
    ) throws(ProblemList) {
        guard let path = read.accepted else {
            guard read.specification.sampling.start == .warm else { return }
            throw ProblemList(problems: [
                Problem(
                    file: modelFile, message: "'sampling.start: warm' is there, and no accepted fit to begin with.",
                    mend: "name its file, as `accepted: accepted.json`, or leave 'start' out.")
            ])
        }
        func refusal(_ message: String) -> ProblemList {
            ProblemList(problems: [
                Problem(
                    file: modelFile, line: path.line, message: message,
                    mend: "name a file that `tutti recalibrate` has made, or leave 'accepted' out.")
            ])
        }
        guard let bytes = files.first(where: { $0.path == path.value })?.bytes else {
            throw refusal("the file '\(path.value)' cannot be read.")
        }
        guard let fit = try? JSONDecoder().decode(AcceptedFit.self, from: Data(bytes)) else {
            throw refusal("the file '\(path.value)' is not one of an accepted fit.")
        }
        if let fault = fit.fault { throw refusal("the file '\(path.value)' is damaged: \(fault).") }
        read.acceptedFit = fit
    }
}
