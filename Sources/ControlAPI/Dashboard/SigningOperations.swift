import Cluster
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Signing in to the pages with a token, and out.
extension API {
    private static let next = Operation.Parameter(name: "next", values: .text, text: "The page to go on to.")
    private static let html = Operation.Answer(status: 200, text: "The page.", content: ["text/html": [:]])
    /// Bytes of the form: a token is short.
    private static let formByteCountMax = 4096
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
    private static let forwardedProtocol = HTTPField.Name("X-Forwarded-Proto")!

    var signingOperations: [Operation] {
        [
            Operation(
                name: "showSignIn", path: "/login", summary: "", role: nil, isPage: true, query: [Self.next],
                answers: [Self.html],
                handler: { call in
                    guard tokens != nil else { return Self.redirect("/") }
                    return frame(nil).response(SignInPage(next: call.query["next"]).page)
                }),
            Operation(
                name: "signIn", method: .post, path: "/login", summary: "", role: nil, isPage: true,
                query: [Self.next], answers: [Self.html], handler: signIn),
            Operation(
                name: "signOut", method: .post, path: "/logout", summary: "", role: nil, isPage: true,
                answers: [Self.html],
                handler: { call in
                    try Self.refuseOtherSites(call.request)
                    if let session = SessionBook.name(in: call.request.headers) { sessions.close(session) }
                    return Self.redirect(
                        "/login", cookie: SessionBook.field(nil, isSecure: Self.isSecure(call.request)))
                }),
        ]
    }

    private func signIn(_ call: Call) async throws -> Response {
        try Self.refuseOtherSites(call.request)
        guard let tokens else { return Self.redirect("/") }
        let body: ByteBuffer
        do {
            body = try await call.request.body.collect(upTo: Self.formByteCountMax)
        } catch {
            throw Problem(.contentTooLarge, "a token is shorter")
        }
        let text = Self.field("token", of: String(buffer: body)) ?? ""
        guard let token = tokens.token(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            refusals.note(.wrongToken, token: nil, method: "POST", path: "/login", peer: call.peer)
            return frame(nil).response(SignInPage(next: call.query["next"], isRefused: true).page)
        }
        let cookie = SessionBook.field(sessions.open(token), isSecure: Self.isSecure(call.request))
        return Self.redirect(Self.ownPath(call.query["next"]), cookie: cookie)
    }

    /// Where somebody who has not signed in is led.
    static func signInPath(_ request: Request) -> String {
        let unreserved = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
        let target = request.head.path ?? "/"
        return "/login?next=" + (target.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "/")
    }

    static func redirect(_ path: String, cookie: String? = nil) -> Response {
        var headers: HTTPFields = [.location: path]
        if let cookie { headers[.setCookie] = cookie }
        return Response(status: .seeOther, headers: headers)
    }

    /// A path of ours, never an address elsewhere: `//host` and `/\host` would lead to one.
    private static func ownPath(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return "/" }
        return text
    }

    /// Another site could else sign somebody in with a token of its own.
    private static func refuseOtherSites(_ request: Request) throws(Problem) {
        guard let site = request.headers[fetchSite], site != "same-origin", site != "none" else { return }
        throw Problem(.forbidden, "the form of another site is not taken")
    }

    /// Whether the proxy in front of it has TLS, as it says itself.
    private static func isSecure(_ request: Request) -> Bool {
        request.headers[forwardedProtocol]?.lowercased().hasPrefix("https") == true
    }

    /// A field of a form as browsers write it (application/x-www-form-urlencoded).
    private static func field(_ name: String, of form: String) -> String? {
        for pair in form.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacing("+", with: " ").removingPercentEncoding }
            if halves[0] == name { return halves.count > 1 ? halves[1] : nil }
        }
        return nil
    }
}

/// Where a token is shown.
struct SignInPage {
    var next: String?
    var isRefused = false

    var page: Page {
        let query: Markup =
            next.flatMap { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) }
            .map { "?next=\($0)" } ?? ""
        let refusal: Markup =
            isRefused
            ? """
            <p class="box bad" role="alert" id="refusal">This token is not taken. <code>tutti tokens list</code> shows on \
            the coordinator's machine which are.</p>
            """ : ""
        let described: Markup = isRefused ? "hint refusal" : "hint"
        let content: Markup = """
            \(refusal)<form method="post" action="/login\(query)">
            <p><label for="token">Token</label></p>
            <p class="note" id="hint">It begins with <code>tutti_</code>. Whoever runs this coordinator makes one: \
            <code>tutti tokens new NAME --role observer</code>.</p>
            <p><input id="token" name="token" type="password" autocomplete="current-password" required size="40" \
            aria-describedby="\(described)"></p>
            <p><button class="main">Sign in</button></p></form>
            """
        return Page(
            place: nil, title: "Sign in", sections: [Page.Section(id: "form", content: content)], isLive: false,
            status: isRefused ? .unauthorized : .ok)
    }
}

/// Why a page is not shown.
struct ProblemPage {
    var problem: Problem

    var page: Page {
        let title = problem.status == .notFound ? "Not found" : problem.status.reasonPhrase
        let content: Markup = """
            <p class="box bad">\(problem.detail.prefix(1).uppercased())\(problem.detail.dropFirst()).</p>\
            <p><a href="/">To the overview</a></p>
            """
        return Page(
            place: nil, title: title, sections: [Page.Section(id: "problem", content: content)], isLive: false,
            status: problem.status)
    }
}
