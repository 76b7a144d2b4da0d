import Cluster
import HTTPTypes
import HummingbirdCore
import NIOCore

/// A page for people.
struct Page: Sendable {
    /// A part of a page that is told anew when it changes.
    struct Section: Sendable, Hashable {
        var id: String
        var content: Markup
    }

    /// What the bar at the top leads to.
    enum Place: String, CaseIterable, Sendable {
        case overview, jobs, queue, workers, events, nights

        var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
        var path: String { self == .overview ? "/" : "/\(rawValue)" }
    }

    /// Nil where it is none of them.
    var place: Place?
    var title: String
    var sections: [Section]
    /// Whether it changes by itself.
    var isLive = true
    /// Whether nothing of it changes any more.
    var isOver = false
    var status = HTTPResponse.Status.ok
}

/// The frame around pages.
struct PageFrame {
    var places: [Page.Place]
    /// Who has signed in; nil where nobody has to.
    var signedIn: String?
    /// Whether a page without scripts reads itself anew.
    var refreshes: Bool

    /// Seconds after which a page without scripts is read anew.
    private static let refreshInterval = 10
    private static let referrerPolicy = HTTPField.Name("Referrer-Policy")!

    func response(_ page: Page) -> Response {
        let nonce = Self.nonce()
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            // Nothing from elsewhere, and no script or style but those that stand in the page.
            .contentSecurityPolicy: """
            default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; connect-src 'self'; \
            img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
            """,
            .vary: "Accept, Authorization, Cookie", Self.referrerPolicy: "same-origin",
        ]
        return Response(
            status: page.status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: document(page, nonce: nonce).text)))
    }

    private static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }.joined()
    }

    private func document(_ page: Page, nonce: String) -> Markup {
        let isLive = page.isLive && !page.isOver
        let refresh: Markup =
            isLive && refreshes
            ? "<noscript><meta http-equiv=\"refresh\" content=\"\(Self.refreshInterval)\"></noscript>\n" : ""
        let script: Markup =
            isLive ? "<script nonce=\"\(nonce)\">\(Markup(stringLiteral: PageScript.text))</script>\n" : ""
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(page.title) – Tutti</title>
            <link rel="icon" href="data:,">
            \(refresh)<style nonce="\(nonce)">\(Markup(stringLiteral: PageTheme.styleSheet))</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to content</a>
            <header><div class="bar"><a class="brand" href="/">Tutti</a>
            \(navigation(page))
            \(signOut)</div></header>
            <main id="main" tabindex="-1">
            <div class="head"><h1>\(page.title)</h1>\(isLive ? liveness : "")</div>
            \(page.sections.map { "<section id=\"\($0.id)\">\($0.content)</section>\n" as Markup })</main>
            <footer>Tutti \(Build.version). Times are UTC.</footer>
            \(script)</body>
            </html>

            """
    }

    private var liveness: Markup {
        let words: Markup =
            refreshes
            ? """
            This page is read anew every \(Self.refreshInterval) seconds. <a href="?refresh=off">Stop that</a>
            """ : "This page is not read anew by itself."
        return """
            <p class="status"><span id="status" role="status"></span>
            <noscript>\(words)</noscript>
            <button id="pause" type="button" hidden>Pause updates</button></p>
            """
    }

    private func navigation(_ page: Page) -> Markup {
        guard !places.isEmpty else { return "" }
        let links = places.map { place -> Markup in
            let current: Markup = place == page.place ? " aria-current=\"page\"" : ""
            return "<li><a href=\"\(place.path)\"\(current)>\(place.title)</a></li>"
        }
        return "<nav aria-label=\"Pages\"><ul>\(links)</ul></nav>"
    }

    private var signOut: Markup {
        guard let signedIn else { return "" }
        return """
            <form method="post" action="/logout"><button>Sign out<span class="unseen"> \(signedIn)</span></button></form>
            """
    }
}
