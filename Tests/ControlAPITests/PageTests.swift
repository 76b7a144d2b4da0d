import Cluster
import ControlAPI
import Coordination
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization
import Testing

@Suite("the pages")
struct PageTests {
    private static let html: HTTPFields = [.accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"]

    /// Jobs of every kind: 1 has succeeded, 2 waits, 3 is paused, 4 was cancelled, 5 has a name that would be a tag.
    private static func entries() -> [LedgerEntry] {
        var odd = Jobs.specification(5)
        odd.name = "<script>alert('x')</script> & \"co\""
        odd.project = "<b>loud</b>"
        return Jobs.finished(1)
            + [
                Jobs.submitted(2), Jobs.submitted(3), .paused(Jobs.id(3)), Jobs.submitted(4), .cancelled(Jobs.id(4)),
                .submitted(Jobs.id(5), odd),
            ] + Jobs.finished(6)
    }

    private static let targets = [
        "/", "/jobs", "/jobs?state=queued", "/jobs?state=&after=4", "/queue", "/workers", "/events", "/compare",
    ]

    @Test("answer with and without jobs, whole and as WCAG asks")
    func all() async throws {
        let empty = try TestCoordinator()
        let full = try TestCoordinator(entries: Self.entries())
        try full.putResults(of: 1)
        try full.putResults(of: 6)
        let jobs = (1...6).map { "/jobs/\($0)" } + ["/compare?left=1&right=6", "/jobs/2?refresh=off"]
        for (coordinator, target) in Self.targets.map({ (empty, $0) }) + (Self.targets + jobs).map({ (full, $0) }) {
            let reply = try await coordinator.show(target)
            #expect(reply.status == 200, "\(target)")
            #expect(reply.headers[.contentType] == "text/html; charset=utf-8")
            #expect(reply.headers[.cacheControl] == "no-store" && reply.headers[.xContentTypeOptions] == "nosniff")
            let breaches = PageReader(reply.text).breaches
            #expect(breaches.isEmpty, "\(target): \(breaches)")
        }
        #expect(Set(full.responder.pageRoutes.map(\.path)).isDisjoint(with: full.document.operations.map(\.path)))
    }

    @Test("say of each job what it is, and why it waits")
    func contents() async throws {
        let coordinator = try TestCoordinator(entries: Self.entries())
        try coordinator.putResults(of: 1)
        let overview = PageReader(try await coordinator.show("/").text)
        #expect(overview.all("a").contains { $0.attributes["href"] == "/jobs/2" && $0.text == "2 job-2" })
        let queue = try await coordinator.show("/queue").text
        #expect(queue.contains("No worker is connected at all."))
        #expect(queue.contains("It is paused. Mend: tutti resume."))
        #expect(queue.contains("<h2>default</h2>"))
        let finished = PageReader(try await coordinator.show("/jobs/1").text)
        let links = finished.all("a").compactMap { $0.attributes["href"] }
        #expect(links.contains("/v1/jobs/1/results/report.html") && links.contains("/v1/jobs/1/results.zip"))
        #expect(finished.all("script").isEmpty, "nothing of it changes any more")
        let waiting = PageReader(try await coordinator.show("/jobs/2").text)
        #expect(waiting.all("script").count == 1)
        #expect(waiting.all("th").contains { $0.text == "chain 1" })
        let only = PageReader(try await coordinator.show("/jobs?state=cancelled").text)
        #expect(only.all("th").filter { $0.attributes["scope"] == "row" }.map { $0.text.prefix(7) } == ["4 job-4"])
    }

    @Test("take names as text, whatever they are")
    func escaping() async throws {
        let coordinator = try TestCoordinator(entries: Self.entries())
        for target in Self.targets + ["/jobs/5"] {
            let reply = try await coordinator.show(target)
            #expect(!reply.text.contains("<script>") && !reply.text.contains("<b>loud"), "\(target)")
        }
        let page = try await coordinator.show("/jobs/5").text
        #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;co&quot;"))
        // Parts of an address do not become markup either.
        let missing = try await coordinator.show("/jobs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        #expect(missing.status == 404 && !missing.text.contains("<script>"))
    }

    @Test("let nothing in from elsewhere, and run no script but their own")
    func policy() async throws {
        let coordinator = try TestCoordinator(entries: Self.entries())
        var nonces: Set<String> = []
        for _ in 0..<2 {
            let reply = try await coordinator.show("/jobs/2")
            let policy = try #require(reply.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none';") && policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([0-9a-z]{40,})'/)?.1)
            nonces.insert(String(nonce))
            let page = PageReader(reply.text)
            for tag in page.all("script") + page.all("style") { #expect(tag.attributes["nonce"] == String(nonce)) }
            for tag in page.tags {
                #expect(tag.attributes["src"] == nil)
                #expect(!tag.attributes.keys.contains { $0.hasPrefix("on") })
                if let target = tag.attributes["href"], target != "data:,", target != "#main" {
                    #expect(target.hasPrefix("/") || target.hasPrefix("?"), "\(target)")
                }
            }
        }
        #expect(nonces.count == 2)
    }

    @Test("without scripts they are read anew, unless that is stopped")
    func refreshing() async throws {
        let coordinator = try TestCoordinator(entries: Self.entries())
        let meta = { (text: String) in
            PageReader(text).all("meta").contains {
                $0.attributes["http-equiv"] == "refresh" && $0.path.contains("noscript")
            }
        }
        #expect(meta(try await coordinator.show("/jobs/2").text))
        #expect(!meta(try await coordinator.show("/jobs/2?refresh=off").text))
        #expect(!meta(try await coordinator.show("/jobs/4").text))
    }

    @Test("a mistake has a page, and programs their problem")
    func mistakes() async throws {
        let coordinator = try TestCoordinator(entries: Self.entries())
        for (target, status, words) in [
            ("/jobs/99", 404, "There is no job &#39;99&#39;"), ("/nothing", 404, "The API has no /nothing"),
            ("/jobs?state=odd", 400, "is none of"),
            ("/compare?left=2&right=1", 404, "no job &#39;2&#39; that has succeeded"),
            ("/jobs?x=1", 400, "&#39;x&#39; is unknown"), ("/nights", 404, "The API has no /nights"),
        ] {
            let reply = try await coordinator.show(target)
            #expect(reply.status == status && reply.text.contains(words), "\(target): \(reply.text.suffix(400))")
            #expect(PageReader(reply.text).breaches.isEmpty)
            let program = try await coordinator.show(target, headers: [.accept: "application/json"])
            #expect([status, 406].contains(program.status), "\(target)")
            #expect(program.headers[.contentType] == "application/problem+json")
        }
        #expect(try await coordinator.show("/jobs", method: .delete).status == 405)
        #expect(try await coordinator.show("/", authority: "evil.example").status == 421)
        let foreign = try await coordinator.show("/", headers: Self.html.adding(.origin, "https://evil.example"))
        #expect(foreign.status == 403)
        let head = try await coordinator.show("/", method: .head)
        #expect(head.status == 200 && head.body.isEmpty)
    }

    @Test("as events, each section that has changed, until nothing does")
    func events() async throws {
        let coordinator = try TestCoordinator(entries: Self.entries())
        let ended = try await coordinator.show("/jobs/4", headers: [.accept: "text/event-stream"])
        #expect(ended.headers[.contentType] == "text/event-stream")
        #expect(ended.text.hasPrefix("retry: "))
        #expect(ended.text.contains("data: state\ndata: <p class=\"note\">Project default"))
        #expect(ended.text.hasSuffix("event: over\ndata: over\n\n"))

        // One that changes: its sections, then those that are others, then the end.
        let collected = Collected()
        async let stream = coordinator.show(
            "/jobs/2", headers: [.accept: "text/event-stream"], into: collected)
        try await collected.has("data: state\n")
        _ = try await coordinator.ask(.post, "/v1/jobs/2/cancel")
        let text = try await stream.text
        let states = text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: state\n") }
        #expect(states.count == 2)
        #expect(states.first?.contains(">queued<") == true && states.last?.contains(">cancelled<") == true)
        #expect(text.hasSuffix("event: over\ndata: over\n\n"))
        #expect(!text.contains("\r"))
    }

    // MARK: Signing in

    private static let tokens: [(name: String, role: TokenRole, project: String)] = [
        ("olga", .observer, "default"), ("eve", .observer, "other"), ("root", .operator, "default"),
    ]

    private static func signIn(
        _ coordinator: TestCoordinator, _ text: String, next: String = "", fields: HTTPFields = [:]
    ) async throws -> (reply: Reply, cookie: String?) {
        let query = next.isEmpty ? "" : "?next=\(next)"
        let reply = try await coordinator.show(
            "/login\(query)", method: .post, headers: html.merging(fields),
            body: Data("token=\(text)&other=1".utf8))
        let cookie = reply.headers[.setCookie].map { String($0.prefix { $0 != ";" }) }
        return (reply, cookie)
    }

    @Test("with tokens no page is shown without one, and who asks is led to where it is given")
    func strangers() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: Self.entries(), isLocal: false)
        for target in Self.targets + ["/jobs/2", "/jobs/99", "/compare?left=1"] {
            let reply = try await coordinator.show(target)
            #expect(reply.status == 303, "\(target)")
            #expect(reply.headers[.location]?.hasPrefix("/login?next=/") == true)
            #expect(reply.body.isEmpty)
            let stream = try await coordinator.show(target, headers: [.accept: "text/event-stream"])
            #expect(stream.status == 401, "\(target)")
        }
        let login = try await coordinator.show("/login?next=/jobs/2")
        #expect(login.status == 200 && PageReader(login.text).breaches.isEmpty)
        #expect(!login.text.contains("job-2") && PageReader(login.text).all("nav").isEmpty)
        // A program's token opens pages too.
        #expect(try await coordinator.show("/jobs/2", headers: Self.html, token: "olga").status == 200)
        #expect(try await coordinator.show("/jobs/2", headers: Self.html, token: "eve").status == 404)
    }

    @Test("who has signed in may look at what its token may see, and do nothing")
    func signedIn() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: Self.entries(), isLocal: false)
        let olga = try #require(coordinator.texts["olga"])
        let (reply, cookie) = try await Self.signIn(coordinator, olga, next: "/jobs/2")
        #expect(reply.status == 303 && reply.headers[.location] == "/jobs/2")
        let field = try #require(reply.headers[.setCookie])
        #expect(field.contains("; HttpOnly; SameSite=Strict") && field.contains("Path=/") && !field.contains("Secure"))
        #expect(!field.contains(olga), "the token itself is not given to the browser to keep")
        let own = Self.html.adding(.cookie, "theme=dark; \(try #require(cookie)); other=1")
        #expect(try await coordinator.show("/jobs/2", headers: own).status == 200)
        let overview = try await coordinator.show("/", headers: own).text
        #expect(
            overview.contains("Sign out") && !overview.contains("href=\"/jobs/5\""), "that job is another project's")
        #expect(try await coordinator.show("/v1/jobs/1", headers: [.cookie: cookie ?? ""]).status == 200)
        // Nothing is changed by a cookie, which a browser sends by itself.
        let root = try await Self.signIn(coordinator, try #require(coordinator.texts["root"])).cookie
        let cancelled = try await coordinator.show(
            "/v1/jobs/2/cancel", method: .post, headers: [.cookie: try #require(root)])
        #expect(cancelled.status == 401)
        #expect(try await coordinator.show("/v1/jobs/2", headers: [.cookie: root ?? ""]).text.contains("\"queued\""))

        let secure = try await Self.signIn(coordinator, olga, fields: [HTTPField.Name("X-Forwarded-Proto")!: "https"])
        #expect(secure.reply.headers[.setCookie]?.hasSuffix("; Secure") == true)

        let out = try await coordinator.show("/logout", method: .post, headers: own)
        #expect(out.status == 303 && out.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(try await coordinator.show("/jobs/2", headers: own).status == 303)
    }

    @Test("a wrong token is refused, and so are forms of other sites and ways elsewhere")
    func refusals() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: Self.entries(), isLocal: false)
        let olga = try #require(coordinator.texts["olga"])
        let (wrong, cookie) = try await Self.signIn(coordinator, "tutti_wrong", next: "/jobs")
        #expect(wrong.status == 401 && cookie == nil && wrong.text.contains("This token is not taken"))
        #expect(PageReader(wrong.text).breaches.isEmpty)
        #expect(
            coordinator.log.lines.contains { $0.contains("a token that is not taken") && $0.contains("POST /login") })
        #expect(!coordinator.log.lines.contains { $0.contains("tutti_wrong") })
        for next in [
            "//evil.example", "https://evil.example", "/%5Cevil.example", "%2F%2Fevil.example", "jobs", "/%0Aevil",
        ] {
            let reply = try await Self.signIn(coordinator, olga, next: next).reply
            #expect(reply.headers[.location] == "/", "\(next)")
        }
        let site = HTTPField.Name("Sec-Fetch-Site")!
        for (value, status) in [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)] {
            #expect(try await Self.signIn(coordinator, olga, fields: [site: value]).reply.status == status)
        }
        let long = try await Self.signIn(coordinator, String(repeating: "x", count: 10_000)).reply
        #expect(long.status == 413)
        #expect(
            try await coordinator.show("/", headers: Self.html.adding(.cookie, "tutti_session=made-up")).status == 303)
    }

    @Test("a token that is revoked ends what was begun with it")
    func revoked() async throws {
        let coordinator = try TestCoordinator(tokens: Self.tokens, entries: Self.entries(), isLocal: false)
        let cookie = try await Self.signIn(coordinator, try #require(coordinator.texts["olga"])).cookie
        let headers: HTTPFields = [.accept: "text/event-stream", .cookie: try #require(cookie)]
        let collected = Collected()
        async let stream = coordinator.show("/jobs/2", headers: headers, into: collected)
        try await collected.has("data: state\n")
        try coordinator.tokenFolder.revoke("olga")
        coordinator.book?.reread()
        #expect(try await stream.text.contains("data: state\n"))
        #expect(try await coordinator.show("/jobs/2", headers: headers).status == 401)
    }
}

extension HTTPFields {
    fileprivate func adding(_ name: HTTPField.Name, _ value: String) -> HTTPFields {
        var fields = self
        fields[name] = value
        return fields
    }

    fileprivate func merging(_ others: HTTPFields) -> HTTPFields {
        var fields = self
        for other in others { fields[other.name] = other.value }
        return fields
    }
}
