import Cluster
import HTTPTypes
import Synchronization

/// Who has signed in to the pages: a token once shown, and from then on a cookie, with which things can be looked at and
/// nothing else. They are kept in memory alone: after a restart of the coordinator people sign in again.
final class SessionBook: Sendable {
    private struct Session {
        var token: NamedToken
        var end: ContinuousClock.Instant
    }

    static let cookie = "tutti_session"
    /// Seconds after which somebody signs in again: a long day of work.
    static let secondsMax = 12 * 3600
    /// Sessions that are kept; beyond, those that end first go.
    private static let countMax = 1000

    private let sessions = Mutex<[String: Session]>([:])

    /// Begins a session; returns what its cookie says, 256 random bits.
    func open(_ token: NamedToken) -> String {
        var generator = SystemRandomNumberGenerator()
        let name = (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let now = ContinuousClock.now
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.end > now }
            if sessions.count >= Self.countMax, let first = sessions.min(by: { $0.value.end < $1.value.end }) {
                sessions[first.key] = nil
            }
            sessions[name] = Session(token: token, end: now + .seconds(Self.secondsMax))
        }
        return name
    }

    func close(_ name: String) {
        sessions.withLock { $0[name] = nil }
    }

    /// The token with which a session was begun; nil where there is no such session, or its time is over.
    func token(of name: String) -> NamedToken? {
        sessions.withLock { sessions in
            guard let session = sessions[name], session.end > ContinuousClock.now else { return nil }
            return session.token
        }
    }

    /// What the session's cookie of a request says (RFC 6265, section 4.2).
    static func name(in headers: HTTPFields) -> String? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let halves = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                if halves.count == 2, halves[0] == cookie { return String(halves[1]) }
            }
        }
        return nil
    }

    /// The field that gives a browser the cookie: of this site's own requests alone, and for no script.
    /// - Parameter name: nil takes it away.
    static func field(_ name: String?, isSecure: Bool) -> String {
        "\(cookie)=\(name ?? ""); Path=/; Max-Age=\(name == nil ? 0 : secondsMax); HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
    }
}
