import Cluster
import Coordination
import HTTPTypes
import HummingbirdCore
import JSON

/// One thing that can be asked of the API. The document says what stands here, and requests are held against it.
struct Operation: Sendable {
    /// What may stand in the place of a parameter.
    enum Values: Sendable {
        case job
        case text
        case whole(ClosedRange<Int>)
        case choice([String])
    }

    /// A part of the path, or a field of the query.
    struct Parameter: Sendable {
        var name: String
        var values: Values
        var text: String
    }

    /// What may come with a request.
    struct Body: Sendable {
        /// Schemas by media type; where a form's part has a media type of its own, `encodings` says it.
        var content: [String: JSONValue]
        var encodings: [String: JSONValue] = [:]
    }

    /// What may come back.
    struct Answer: Sendable {
        var status: Int
        var text: String
        /// Schemas by media type, without the types' parameters.
        var content: [String: JSONValue] = [:]
        var headers: [String: String] = [:]

        static func problem(_ status: Int, _ text: String, headers: [String: String] = [:]) -> Answer {
            Answer(
                status: status, text: text, content: [Problem.mediaType: Schemas.reference("Problem")], headers: headers
            )
        }
    }

    /// The document's name of it; of a page what metrics call it.
    var name: String
    var method: HTTPRequest.Method = .get
    /// `/v1/jobs/{job}`.
    var path: String
    var summary: String
    var text = ""
    /// The least that its caller must be; nil where everybody may ask.
    var role: TokenRole? = .observer
    /// Whether it is for people: what goes wrong is told on a page too, and the document does not have it.
    var isPage = false
    var pathParameters: [Parameter] = []
    var query: [Parameter] = []
    var body: Body?
    /// Its own; `allAnswers` has those that it shares with others.
    var answers: [Answer]
    var handler: @Sendable (Call) async throws -> Response

    var segments: [Substring] { path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) }

    /// Every answer that it can give, by status.
    var allAnswers: [Answer] {
        var shared: [Answer] = [
            .problem(400, "The request cannot be understood: its path, query or body."),
            .problem(403, "The token's role does not reach so far; or, without tokens, a page of another site asks."),
            .problem(406, "None of the media types of `Accept` can be had."),
        ]
        if role != nil {
            shared.append(
                .problem(
                    401, "No token came along, or none that is taken.", headers: ["WWW-Authenticate": "`Bearer`."]))
            shared.append(
                .problem(421, "Without tokens, a coordinator on loopback is asked under its loopback name only."))
        }
        if body != nil {
            shared.append(.problem(413, "The body is larger than a submission may be."))
            shared.append(.problem(415, "The body's media type is none of those above."))
        }
        let own = Set(answers.map(\.status))
        return (answers + shared.filter { !own.contains($0.status) }).sorted { $0.status < $1.status }
    }

    /// Media types of its successes.
    var mediaTypes: [String] { answers.filter { $0.status < 300 }.flatMap(\.content.keys).sorted() }
}

/// A request on its way to a handler: who asks, and the parameters, which are of the kinds that the operation wants.
struct Call: Sendable {
    var request: Request
    var caller: Caller
    /// From where it is asked, for the log.
    var peer: String
    var path: [String: String] = [:]
    var query: [String: String] = [:]

    func whole(_ name: String) -> Int? { query[name].flatMap { Int($0) } }
}

/// Who asks.
struct Caller: Sendable {
    /// Nil where the coordinator has no tokens.
    var token: NamedToken?
    /// The session of the pages in which it is asked; nil where the token itself came along.
    var session: String?

    var role: TokenRole { token?.role ?? .operator }

    /// Where its submissions go.
    var project: String { token?.project ?? Project.fallback }

    func sees(project: String) -> Bool { role == .operator || project == self.project }

    func sees(_ job: JobSnapshot) -> Bool { sees(project: Project.of(job)) }
}

extension TokenRole {
    /// Whether it may do what `other` may: roles are declared from the least to the most.
    func includes(_ other: TokenRole) -> Bool {
        let order = Self.allCases
        return order.firstIndex(of: self) ?? 0 >= order.firstIndex(of: other) ?? 0
    }
}
