import HTTPTypes
import HummingbirdCore

/// Refuses requests that a web page made: without tokens, whoever can reach the port may use the API, and any page in a
/// browser on this machine can reach loopback. With tokens there is no need: a browser adds none by itself.
///
/// A page of another site says so in `Origin`; one whose name was made to point here (DNS rebinding) shows its name in
/// `Host`. Programs name the address and send no origin.
struct BrowserGuard {
    private static let loopback: Set<String> = ["127.0.0.1", "localhost", "[::1]"]

    /// Whether the API answers under loopback names only.
    let isLocal: Bool

    func check(_ request: Request) throws(Problem) {
        let host = request.head.authority ?? ""
        guard !isLocal || Self.loopback.contains(Self.name(of: host)) else {
            throw Problem(
                .misdirectedRequest, "the API is asked under its loopback address only: 127.0.0.1, localhost or [::1]")
        }
        if let origin = request.headers[.origin], origin != "http://\(host)" {
            throw Problem(.forbidden, "the API answers no page of another site")
        }
    }

    /// The host of `HOST:PORT`.
    private static func name(of authority: String) -> String {
        guard let colon = authority.lastIndex(of: ":"), authority[colon...].dropFirst().allSatisfy(\.isNumber) else {
            return authority.lowercased()
        }
        return authority[..<colon].lowercased()
    }
}
