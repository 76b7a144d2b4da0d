import ArgumentParser
import Cluster
import Foundation

/// The folders that say who may do what at a coordinator, each from an option or from its variable.
enum CredentialFolder: String {
    case keys = "TUTTI_KEYS"
    case tokens = "TUTTI_TOKENS"

    var help: ArgumentHelp { "The folder of \(self == .keys ? "keys" : "tokens") (default: \(rawValue))." }

    func path(_ option: String?) -> String? {
        guard let path = option ?? ProcessInfo.processInfo.environment[rawValue], !path.isEmpty else { return nil }
        return path
    }

    /// A file, a key or a token that cannot be used is unusable input.
    static func reporting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as KeyError {
            throw UserError.unusable("\(error)")
        } catch {
            throw UserError.failed("\(error)")
        }
    }
}
