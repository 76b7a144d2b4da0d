import Cluster
import CoreMetrics
import Foundation
import HTTPTypes
import HummingbirdCore

/// Takes a request to its operation: who asks, what is asked, whether it may be, and what went wrong.
///
/// The library's router knows neither which methods a path has (405, `Allow`) nor what a query may hold; both stand in
/// the operations, which the document is written from.
package struct Responder: Sendable {
    private let api: API
    private let operations: [Operation]

    /// What came of a request beside its answer.
    private struct Course {
        /// What metrics call it.
        var name = "none"
        /// The path that the operation has, with its parameters unfilled; nil where there is none.
        var route: String?
        /// Whether a person asks, who is told on a page what is wrong.
        var isPage = false
        var caller: Caller?
    }

    package init(_ api: API) {
        self.api = api
        operations = api.operations + api.pages
    }

    /// Methods and paths that it takes to an operation for programs; GET stands for HEAD too.
    package var routes: [(method: String, path: String)] { routes(ofPages: false) }

    /// The same of pages.
    package var pageRoutes: [(method: String, path: String)] { routes(ofPages: true) }

    private func routes(ofPages isPage: Bool) -> [(method: String, path: String)] {
        operations.filter { $0.isPage == isPage }.map { ($0.method.rawValue, $0.path) }
    }

    /// - Parameter peer: from where it is asked, for the log.
    package func answer(_ request: Request, peer: String) async -> Response {
        var course = Course()
        let start = ContinuousClock.now
        let trace = api.tracer.map { RequestTrace($0, request, peer: peer) }
        let response = await answer(request, peer: peer, course: &course)
        trace?.end(operation: course.name, route: course.route, status: response.status.code)
        count(course.name, status: response.status.code, taking: ContinuousClock.now - start)
        return response
    }

    private func count(_ operation: String, status: Int, taking duration: Duration) {
        Counter(
            label: CoordinatorMetrics.requests, dimensions: [("operation", operation), ("status", "\(status)")],
            factory: api.metrics
        ).increment()
        CoreMetrics.Timer(
            label: CoordinatorMetrics.requestDuration, dimensions: [("operation", operation)], factory: api.metrics
        ).recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }

    private func answer(_ request: Request, peer: String, course: inout Course) async -> Response {
        var response: Response
        do {
            response = try await perform(request, peer: peer, course: &course)
        } catch let problem as Problem {
            response = told(problem, request, course)
        } catch let error as CoordinatorError {
            response = told(
                Problem(.serviceUnavailable, error.description, headers: [.retryAfter: "1"]), request, course)
        } catch {
            api.logger.error("a request failed", metadata: ["operation": "\(course.name)", "error": "\(error)"])
            response = told(
                Problem(.internalServerError, "the coordinator could not do it; its log says why"), request, course)
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        guard request.method == .head else { return response }
        let length = response.headers[.contentLength]
        response = response.createHeadResponse()
        response.headers[.contentLength] = length
        return response
    }

    private func perform(_ request: Request, peer: String, course: inout Course) async throws -> Response {
        if api.tokens == nil { try BrowserGuard(isLocal: api.isLocal).check(request) }
        let path = request.uri.path
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let candidates = operations.filter { Self.fits($0.segments, segments) }
        let method: HTTPRequest.Method = request.method == .head ? .get : request.method
        let operation = candidates.first { $0.method == method }
        course.isPage = operation?.isPage ?? !path.hasPrefix("/v1/")
        // Strangers do not learn what there is.
        let isOpen = operation.map { $0.role == nil } ?? !path.hasPrefix("/v1/")
        let caller = isOpen ? Caller() : try caller(request, peer: peer)
        if !isOpen { course.caller = caller }
        guard let operation else {
            guard !candidates.isEmpty else { throw Problem.notFound("the API has no \(path)") }
            let methods = candidates.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
            throw Problem(
                .methodNotAllowed, "\(path) is not asked by \(request.method.rawValue)",
                headers: [.allow: methods.joined(separator: ", ")])
        }
        course.name = operation.name
        course.route = operation.path
        if let role = operation.role, !caller.role.includes(role) {
            refuse(.role, request, caller: caller, peer: peer)
            throw Problem(
                .forbidden,
                "the token '\(caller.token?.name ?? "")' is of an \(caller.role.rawValue), and this takes one of the role "
                    + "\(role.rawValue)")
        }
        var call = Call(request: request, caller: caller, peer: peer)
        call.path = try parameters(operation, segments)
        call.query = try query(operation, request.uri.query)
        let acceptance = Acceptance(request.headers[.accept])
        guard operation.mediaTypes.contains(where: acceptance.takes) else {
            throw Problem(
                .notAcceptable, "this answers with \(operation.mediaTypes.joined(separator: ", ")) only")
        }
        do {
            return try await operation.handler(call)
        } catch let foreign as ForeignJob {
            refuse(.project, request, caller: caller, peer: peer)
            throw foreign.problem
        }
    }

    /// What is wrong, on a page where a person asks; who has to sign in is led there.
    private func told(_ problem: Problem, _ request: Request, _ course: Course) -> Response {
        let accepted = (request.headers[.accept] ?? "").lowercased()
        guard course.isPage, accepted.contains("text/html") else { return problem.response }
        if problem.status == .unauthorized { return API.redirect(API.signInPath(request)) }
        var response = api.frame(course.caller).response(ProblemPage(problem: problem).page)
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }

    // MARK: Who asks

    private func caller(_ request: Request, peer: String) throws(Problem) -> Caller {
        guard let tokens = api.tokens else { return Caller() }
        guard let field = request.headers[.authorization] else {
            if let caller = sessionCaller(request, tokens) { return caller }
            refuse(.noToken, request, caller: nil, peer: peer)
            throw Problem(
                .unauthorized, "a token is needed. Mend: send the field 'Authorization: Bearer TOKEN'",
                headers: [.wwwAuthenticate: "Bearer"])
        }
        let words = field.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer",
            let token = tokens.token(words[1].trimmingCharacters(in: .whitespaces))
        else {
            refuse(.wrongToken, request, caller: nil, peer: peer)
            throw Problem(
                .unauthorized,
                "this token is not taken. Mend: `tutti tokens list` shows on the coordinator's machine "
                    + "which are", headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
        }
        return Caller(token: token)
    }

    /// Who has signed in to the pages may look, and nothing else: a browser sends a cookie by itself.
    private func sessionCaller(_ request: Request, _ tokens: TokenBook) -> Caller? {
        guard request.method == .get || request.method == .head,
            let session = SessionBook.name(in: request.headers), let token = api.sessions.token(of: session),
            tokens.holds(token)
        else { return nil }
        return Caller(token: token, session: session)
    }

    private func refuse(_ reason: RefusalLog.Reason, _ request: Request, caller: Caller?, peer: String) {
        api.refusals.note(
            reason, token: caller?.token, method: request.method.rawValue, path: request.uri.path, peer: peer)
    }

    // MARK: What is asked

    private static func fits(_ template: [Substring], _ segments: [Substring]) -> Bool {
        template.count == segments.count
            && zip(template, segments).allSatisfy { $0.hasPrefix("{") ? !$1.isEmpty : $0 == $1 }
    }

    private func parameters(_ operation: Operation, _ segments: [Substring]) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        for (template, segment) in zip(operation.segments, segments) where template.hasPrefix("{") {
            let name = String(template.dropFirst().dropLast())
            guard let value = segment.removingPercentEncoding else {
                throw .bad("'\(name)' in the path is not percent-encoded UTF-8")
            }
            values[name] = value
        }
        return values
    }

    private func query(_ operation: Operation, _ text: String?) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        for pair in (text ?? "").split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard let name = halves[0], let value = halves.count > 1 ? halves[1] : "" else {
                throw .bad("the query is not percent-encoded UTF-8")
            }
            guard let parameter = operation.query.first(where: { $0.name == name }) else {
                let known = operation.query.map(\.name).joined(separator: ", ")
                throw .bad(
                    "the query's '\(name)' is unknown. Mend: "
                        + (known.isEmpty ? "this takes none" : "this takes \(known)"))
            }
            guard values.updateValue(value, forKey: name) == nil else { throw .bad("the query says '\(name)' twice") }
            try check(value, against: parameter)
        }
        return values
    }

    private func check(_ value: String, against parameter: Operation.Parameter) throws(Problem) {
        switch parameter.values {
        case .job:
            guard UInt64(value).map({ $0 > 0 && String($0) == value }) == true else {
                throw .bad("'\(parameter.name)' is not the number of a job")
            }
        case .text:
            guard !value.isEmpty else { throw .bad("'\(parameter.name)' is empty") }
        case .whole(let range):
            guard let number = Int(value), String(number) == value, range.contains(number) else {
                throw .bad(
                    "'\(parameter.name)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
        case .choice(let words):
            guard words.contains(value) else {
                throw .bad("'\(parameter.name)' is none of \(words.joined(separator: ", "))")
            }
        }
    }
}

/// A job that the caller's project does not have: for it there is none, but the log says that it asked.
struct ForeignJob: Error {
    let problem: Problem
}
