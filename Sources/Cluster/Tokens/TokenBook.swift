import Logging
import Storage
import Synchronization
import Wire

/// The tokens that a coordinator takes now.
package final class TokenBook: Sendable {
    private struct State {
        var tokens: [NamedToken]
        var problems: [KeyError] = []
    }

    private let folder: TokenFolder
    private let logger: Logger
    private let state: Mutex<State>

    /// Refuses a folder in which anything is wrong, and one without a token.
    package init(_ folder: TokenFolder, logger: Logger) throws(KeyError) {
        self.folder = folder
        self.logger = logger
        let (tokens, problems) = try folder.tokens()
        if let problem = problems.first { throw problem }
        guard !tokens.isEmpty else {
            throw KeyError(
                path: folder.path, problem: "this folder has no token, so nobody could ask anything",
                mend: "tutti tokens new NAME --role operator --folder \(folder.path)")
        }
        state = Mutex(State(tokens: tokens))
    }

    /// The token with this text, if it is one of ours. How long it takes depends on neither which it is nor how much of
    /// it is right.
    package func token(_ text: String) -> NamedToken? {
        let digest = NamedToken.digest(of: text)
        var found: NamedToken?
        for token in state.withLock({ $0.tokens }) {
            let difference = zip(token.digest.bytes, digest.bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            if difference == 0 { found = token }
        }
        return found
    }

    /// Whether a token is still taken as it was.
    package func holds(_ token: NamedToken) -> Bool { state.withLock { $0.tokens.contains(token) } }

    /// Reads the folder again; a file that is not sound is told of once, and its token is not taken.
    package func reread() {
        var tokens: [NamedToken] = []
        var problems: [KeyError]
        do throws(KeyError) {
            (tokens, problems) = try folder.tokens()
        } catch {
            // A folder that cannot be trusted lets nobody in.
            problems = [error]
        }
        let (new, gone) = state.withLock { state in
            let new = problems.filter { !state.problems.contains($0) }
            let gone = state.tokens.filter { !tokens.contains($0) }
            state = State(tokens: tokens, problems: problems)
            return (new, gone)
        }
        for problem in new { logger.error("a token file is not taken", metadata: ["problem": "\(problem)"]) }
        for token in gone { logger.warning("a token is taken no longer", metadata: ["token": "\(token.name)"]) }
    }
}
